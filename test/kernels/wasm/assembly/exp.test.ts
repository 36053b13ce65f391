import { describe, expect, test } from 'vitest';
import { erf } from '../../../../src/kernels/reference/erf.js';
import { KernelRig, variants } from './support.js';

/** Every 4099th of the 2³² float32 bit patterns: a million numbers of every sign, size and kind. */
const STRIDE = 4099;
const CHUNK = 1 << 18;

/** Distance between neighbouring float32 numbers at x. */
function ulp(x: number): number {
  return 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(x) || 1e-60)) - 23);
}

/** The greatest error in ulp over all float32 numbers; Infinity where NaN or infinity disagree. `floor` bounds the ulp below. */
function worstError(rig: KernelRig, op: number, exactly: (x: number) => number, floor = 0): number {
  rig.reset();
  const [at, to] = [rig.allocate(CHUNK * 4), rig.allocate(CHUNK * 4)];
  const [bits, x, y] = [rig.ints(at, CHUNK), rig.floats(at, CHUNK), rig.floats(to, CHUNK)];
  let worst = 0;
  for (let pattern = 0; pattern < 2 ** 32; ) {
    for (let i = 0; i < CHUNK; i++, pattern += STRIDE) bits[i] = pattern;
    rig.call('unary', op, at, to, CHUNK, 0, 0, rig.call('elementTasks', CHUNK));
    for (let i = 0; i < CHUNK; i++) {
      const expected = exactly(x[i]!);
      const rounded = Math.fround(expected);
      if (Object.is(rounded, y[i]!)) continue;
      const error = Number.isFinite(rounded) ? Math.abs(y[i]! - expected) / Math.max(ulp(expected), floor) : Infinity;
      if (!(error <= worst)) worst = error;
    }
  }
  return worst;
}

describe.each(variants)('the exponential and its family over all of float32 ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('exp is within 2 ulp, denormal results and overflow included', () => {
    expect(worstError(rig, 3, Math.exp)).toBeLessThanOrEqual(2);
  });

  test('log is within 2 ulp, denormal arguments included', () => {
    expect(worstError(rig, 4, Math.log)).toBeLessThanOrEqual(2);
  });

  test('erf is within 3 ulp', () => {
    // Below 1e-4 the float64 oracle is the first term of the series.
    const exactly = (x: number): number => (Math.abs(x) < 1e-4 ? (2 / Math.sqrt(Math.PI)) * x : erf(x));
    expect(worstError(rig, 6, exactly)).toBeLessThanOrEqual(3);
  });

  test('sigmoid is within 3 ulp', () => {
    expect(worstError(rig, 9, (x) => 1 / (1 + Math.exp(-x)))).toBeLessThanOrEqual(3);
  });

  test('tanh is within 2 ulp', () => {
    expect(worstError(rig, 10, Math.tanh)).toBeLessThanOrEqual(2);
  });

  test('gelu is within 6 ulp, or 6e-37 in its left tail', () => {
    const exactly = (x: number): number => {
      if (x < -15) return -0;
      return Math.abs(x) < 1e-4 ? 0.5 * x + (x * x) / Math.sqrt(2 * Math.PI) : x * normalDistribution(x);
    };
    expect(worstError(rig, 11, exactly, 1e-37)).toBeLessThanOrEqual(6);
  });

  test('silu is within 4 ulp, or 4e-37 in its left tail', () => {
    const exactly = (x: number): number => (x < -1000 ? -0 : x / (1 + Math.exp(-x)));
    expect(worstError(rig, 12, exactly, 1e-37)).toBeLessThanOrEqual(4);
  });

  test('softplus is within 3 ulp', () => {
    const exactly = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    expect(worstError(rig, 13, exactly)).toBeLessThanOrEqual(3);
  });
});

/** Φ(x), its tail by Laplace's continued fraction: x Q(x) = φ(x) / (1 + 1/(x² (1 + 2/x² …))), good to float64 beyond 2. */
function normalDistribution(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) < 2) return 0.5 * (1 + erf(x * Math.SQRT1_2));
  let tail = 0;
  for (let k = 400; k > 0; k--) tail = k / (Math.abs(x) + tail);
  const q = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI) / (Math.abs(x) + tail);
  return x > 0 ? 1 - q : q;
}
