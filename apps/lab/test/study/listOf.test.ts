import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { listOf } from '../../src/study/listOf.js';

/** Every complaint about a value, as `path: message`. */
function complaints(schema: z.ZodType, value: unknown): string[] {
  return (schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a list', () => {
  test('is read as it is', () => {
    expect(listOf(z.object({ a: z.int() })).parse([{ a: 1, b: 2 }, { a: 3 }])).toEqual([{ a: 1 }, { a: 3 }]);
    expect(listOf(z.string()).parse([])).toEqual([]);
  });

  test('is read up to its first wrong item, so that a million of them take no memory', () => {
    const million = new Array<number>(1_000_000).fill(1);
    expect(complaints(listOf(listOf(z.string())), [['a'], million, million])).toEqual([
      '1.0: Invalid input: expected string, received number',
    ]);
  });

  test('has as many items as allowed, each once where it must', () => {
    const list = listOf(z.int(), { least: 1, most: 2, repeats: false });
    expect(list.parse([4, 5])).toEqual([4, 5]);
    expect(complaints(list, [])).toEqual([': expected at least 1 and at most 2 items, found 0']);
    expect(complaints(list, [1, 2, 3])).toEqual([': expected at least 1 and at most 2 items, found 3']);
    expect(complaints(list, [1, 1])).toEqual([': expected each item once']);
    expect(complaints(list, {})).toEqual([': Invalid input: expected array, received object']);
  });
});
