/**
 * @file Lists in files that somebody else may have written.
 */
import { z } from 'zod';

export interface ListLimits {
  readonly least?: number;
  readonly most?: number;
  /** Whether the same item may be there twice. Default true. */
  readonly repeats?: boolean;
}

/**
 * A list of such items. It is read up to its first wrong item: `z.array` notes down what is wrong with each, which takes hundreds
 * of times the memory of the file.
 */
export function listOf<T>(item: z.ZodType<T>, { least = 0, most = Infinity, repeats = true }: ListLimits = {}) {
  return z.array(z.unknown()).transform((values, context): T[] => {
    const fail = (message: string, path: PropertyKey[] = []): never => {
      context.addIssue({ code: 'custom', message, path });
      return z.NEVER;
    };
    if (values.length < least || values.length > most) {
      const upper = most === Infinity ? '' : ` and at most ${most}`;
      return fail(`expected at least ${least}${upper} items, found ${values.length}`);
    }
    const items: T[] = [];
    for (const [index, value] of values.entries()) {
      const { success, data, error } = item.safeParse(value);
      if (!success) return fail(error.issues[0]?.message ?? 'wrong', [index, ...(error.issues[0]?.path ?? [])]);
      items.push(data);
    }
    if (!repeats && new Set(items).size < items.length) return fail('expected each item once');
    return items;
  });
}
