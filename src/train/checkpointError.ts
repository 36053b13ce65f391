/**
 * @file A checkpoint that can't be used.
 */

/** Names the file, what is wrong with it, and what to do. Neither the file nor what was to be restored has changed. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  constructor(
    readonly file: string,
    readonly problem: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${problem}; ${advice}`, options);
  }
}
