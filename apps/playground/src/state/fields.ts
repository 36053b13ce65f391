/**
 * @file Fields: how one value of the page's state is written into the address and read from it.
 *
 * Whatever an address holds, reading gives a valid value: what can't be understood becomes the field's initial value.
 */

export interface Field<T> {
  readonly initial: T;
  /** `undefined` for a text that isn't one of this field's values. */
  parse(text: string): T | undefined;
  format(value: T): string;
}

/** One of some words. */
export function choice<const T extends string>(options: readonly T[], initial: NoInfer<T>): Field<T> {
  return { initial, parse: (text) => options.find((option) => option === text), format: (value) => value };
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number, initial: number): Field<number> {
  return {
    initial,
    parse: (text) => (/^-?\d+$/.test(text) ? within(Number(text), least, most) : undefined),
    format: (value) => String(value),
  };
}

/** A number from `least` to `most`, written with at most `digits` decimals. */
export function decimal(least: number, most: number, initial: number, digits: number): Field<number> {
  return {
    initial,
    parse: (text) => (text.trim() === '' ? undefined : within(Number(text), least, most)),
    format: (value) => String(rounded(value, digits)),
  };
}

export function flag(initial: boolean): Field<boolean> {
  return {
    initial,
    parse: (text) => (text === 'yes' ? true : text === 'no' ? false : undefined),
    format: (value) => (value ? 'yes' : 'no'),
  };
}

/** Some of a fixed or open set of words, in the order in which they were chosen. */
export function words(initial: readonly string[]): Field<readonly string[]> {
  return {
    initial,
    parse: (text) => (/^[\w-]+(,[\w-]+)*$/.test(text) ? [...new Set(text.split(','))] : undefined),
    format: (value) => value.join(','),
  };
}

/** Any list of numbers; empty where nothing was changed by hand. */
export function numbers(digits: number): Field<readonly number[]> {
  return {
    initial: [],
    parse: (text) => {
      const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
      return values.every(Number.isFinite) ? values : undefined;
    },
    format: (values) => values.map((value) => rounded(value, digits)).join(','),
  };
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
