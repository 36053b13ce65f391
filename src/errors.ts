/**
 * @file The errors that softgrad throws. Each message names the operation, the rule and the values, and says what to do.
 */

/** Shapes, axes or windows that don't fit together. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** A backend that isn't available, can't do what is asked, or is mixed with another. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** A differentiation that isn't possible: no graph, a graph already freed, a value changed in between. */
export class GradientError extends Error {
  override readonly name = 'GradientError';
}

/** A tensor used after it was disposed. */
export class DisposedError extends Error {
  override readonly name = 'DisposedError';
}

/** An argument outside its allowed values. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** Bytes that aren't what their format says: names the file, the offset of the first wrong byte, and what was expected. */
export class FormatError extends Error {
  override readonly name = 'FormatError';

  constructor(
    readonly file: string,
    readonly offset: number,
    expectation: string,
  ) {
    super(`${file}, byte ${offset}: ${expectation}`);
  }
}

/** A part of a message that a file decides, cut where it would be too long to be read. */
export function shorten(text: string, most = 80): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
