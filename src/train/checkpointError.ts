/**
 * @file A checkpoint that can't be used.
 */

import { shorten } from '../errors.js';

/** Names the file, what is wrong with it, and what to do. Neither the file nor what was to be restored has changed. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  constructor(
    readonly file: string,
    readonly problem: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${shorten(problem, 500)}; ${advice}`, options);
  }
}
