import { expect } from 'vitest';
import type { Tolerance } from '../tolerances.js';

/** Fails with the worst element if `actual` is further from `expected` than the tolerance allows. NaN equals NaN. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol, atol }: Pick<Tolerance, 'rtol' | 'atol'>,
  what = 'value',
): void {
  expect(actual.length, `length of ${what}`).toBe(expected.length);
  let worst = { index: -1, excess: 1 };
  for (let index = 0; index < expected.length; index++) {
    const [a, e] = [actual[index] ?? Number.NaN, expected[index] ?? Number.NaN];
    if (Object.is(a, e) || a === e) continue;
    const ratio = Math.abs(a - e) / (atol + rtol * Math.abs(e));
    const excess = Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio;
    if (excess > worst.excess) worst = { index, excess };
  }
  if (worst.index < 0) return;
  expect.fail(
    `${what} [${worst.index}] is ${actual[worst.index]}, expected ${expected[worst.index]}: ${worst.excess.toPrecision(3)} times the tolerance`,
  );
}
