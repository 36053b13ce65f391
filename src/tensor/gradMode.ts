/**
 * @file Whether operations record the graph.
 */
import { ArgumentError } from '../errors.js';

let enabled = true;

/** True where operations record how to differentiate them. */
export function isGradEnabled(): boolean {
  return enabled;
}

/**
 * Runs `body` without recording: nothing made inside can be differentiated, and no activation is kept for a backward pass.
 *
 * @throws ArgumentError if `body` returns a promise; await values outside
 */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Runs `body` with recording on or off. */
export function withGradMode<T>(on: boolean, body: () => T): T {
  const before = enabled;
  enabled = on;
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new ArgumentError('noGrad: the function returned a promise; compute inside, await the values outside');
    }
    return result;
  } finally {
    enabled = before;
  }
}
