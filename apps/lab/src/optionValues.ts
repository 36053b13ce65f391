/**
 * @file Reading option values. What doesn't fit is answered with what is allowed.
 */
import { InvalidArgumentError } from 'commander';

export interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/** A whole number within bounds. */
export function wholeNumber({ least = 1, most = Number.MAX_SAFE_INTEGER }: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const upper = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}${upper}.`);
    }
    return value;
  };
}

/** A finite number within bounds. */
export function decimalNumber({ least = 0, most = Number.MAX_VALUE }: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most) {
      const upper = most === Number.MAX_VALUE ? '' : ` and at most ${most}`;
      throw new InvalidArgumentError(`It must be a number of at least ${least}${upper}.`);
    }
    return value;
  };
}

/** One of the given words. */
export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}.`);
    return found;
  };
}

/** Several of the given words, separated by commas, each once. */
export function listOf<T extends string>(allowed: readonly T[]): (text: string) => T[] {
  return (text) => {
    const words = text.split(',').map((word) => oneOf(allowed)(word.trim()));
    if (new Set(words).size !== words.length) throw new InvalidArgumentError('Each may be named once.');
    return words;
  };
}

/** One word that stands alone, or several of the others as `listOf` takes them. */
export function aloneOrListOf<A extends string, T extends string>(
  alone: A,
  allowed: readonly T[],
): (text: string) => A | T[] {
  return (text) => {
    if (text.trim() === alone) return alone;
    const known: readonly string[] = allowed;
    if (!text.split(',').every((word) => known.includes(word.trim()))) {
      throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}; or ${alone}, which stands alone.`);
    }
    return listOf(allowed)(text);
  };
}

/** How many seeds (`3` means 0, 1, 2), or which (`4,7`; a single one as `7,`). */
export function seedList(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.every((part, i) => /^\d{1,9}$/.test(part) || (part === '' && i > 0 && i === parts.length - 1))) {
    throw new InvalidArgumentError('It must be a number of seeds such as 3, or a list of seeds such as 4,7.');
  }
  const numbers = parts.filter((part) => part !== '').map(Number);
  const [count] = numbers;
  const seeds =
    parts.length === 1 && count !== undefined ? Array.from({ length: Math.min(count, 1001) }, (_, i) => i) : numbers;
  if (seeds.length === 0 || seeds.length > 1000) throw new InvalidArgumentError('It must name 1 to 1000 seeds.');
  if (new Set(seeds).size !== seeds.length) throw new InvalidArgumentError('Each seed may be named once.');
  return seeds;
}
