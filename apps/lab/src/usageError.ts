/**
 * @file What the person at the command line can put right by other words.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
