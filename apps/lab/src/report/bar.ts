/**
 * @file A bar of characters.
 */

/** @param share how much of `width` is full, 0 to 1 */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
