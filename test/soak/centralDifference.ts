/**
 * @file Derivatives of a program in float64 against differences of its values: the one check that owes nothing to any vjp.
 */
import { scope, type Tensor, tensor } from '../../src/index.js';
import { ridders } from '../../src/testing/ridders.js';
import { asFunction, type Result } from './evaluate.js';
import type { Program, Step } from './program.js';
import * as support from './support.js';

/** Largest step; it is halved nine times. */
const STEP = 2 ** -11;
/** A derivative is wrong if it is further from the differences than this share of itself, and they agree among themselves. */
const RELATIVE = 1e-4;
/** Of the sums that are differenced, this much is rounding. */
const ROUNDING = 64 * Number.EPSILON;

/**
 * A sentence about a derivative that is wrong; undefined if none is, or if differences don't tell: at a kink or a jump, where
 * rounding drowns them, or where a gradient is not meant to be the derivative.
 */
export function centralDifference(program: Program, results: readonly Result[]): string | undefined {
  if (program.steps.some(isHeldConstant)) return undefined;
  const { outputs, leaves } = program;
  const first = results.slice(outputs.length, outputs.length + leaves.length);
  const second = results.slice(outputs.length + leaves.length);
  const f = asFunction(program);
  const value = (...xs: Tensor[]): Tensor | undefined => support.project(f(...xs), 0);
  const slope = (...xs: Tensor[]): Tensor | undefined =>
    support.project(support.differentiate(value, xs, 'gradients'), 5);
  return (
    mistakeIn('first', program, value, first) ??
    (program.order === 2 ? mistakeIn('second', program, slope, second) : undefined)
  );
}

/** Steps whose results, or parts of them, are constants to the gradient, as they are meant to be. */
function isHeldConstant({ callee, args }: Step): boolean {
  const text = JSON.stringify(args);
  return ['trainBatchNorm', 'optimize'].includes(callee) || text.includes('detached') || text.includes('runningMean');
}

function mistakeIn(
  order: string,
  { leaves }: Program,
  f: (...xs: Tensor[]) => Tensor | undefined,
  gradients: readonly Result[],
): string | undefined {
  const directions = leaves.map(({ values }, salt) => Float64Array.from(values, (_, i) => directionAt(i, salt)));
  const analytic = gradients.reduce(
    (total, { values }, k) => Array.from(values).reduce((sum, v, i) => sum + v * (directions[k]?.[i] ?? 0), total),
    0,
  );
  if (!Number.isFinite(analytic)) return undefined;
  const at = (h: number): number =>
    scope(() => {
      const xs = leaves.map(({ shape, values }, k) => {
        const moved = Float64Array.from(values, (v, i) => v + h * (directions[k]?.[i] ?? 0));
        return tensor(moved, { shape, dtype: 'float64', backend: 'reference', requiresGrad: true });
      });
      return f(...xs)?.dataSync()[0] ?? 0;
    });
  const centre = at(0);
  const agreesWith = (numeric: number, uncertainty: number): boolean =>
    !(Math.abs(analytic - numeric) > RELATIVE * Math.abs(numeric) + 10 * uncertainty + 1e-9);
  let best: { value: number; uncertainty: number; step: number } | undefined;
  for (const estimate of ridders((h) => {
    const [above, below] = [at(h), at(-h)];
    return { value: above - below, rounding: ROUNDING * (Math.abs(above) + Math.abs(below) + Math.abs(centre)) };
  }, STEP)) {
    best = estimate;
    if (agreesWith(estimate.value, estimate.uncertainty)) return undefined;
  }
  if (!best || !(best.uncertainty < 0.01 * Math.abs(analytic - best.value))) return undefined;
  // Where the slopes on both sides differ there is a kink, and no derivative.
  const sides = [best.step, -best.step].map((h) => (at(h) - centre) / h);
  const apart = Math.abs((sides[0] ?? 0) - (sides[1] ?? 0));
  if (!(apart < 0.05 * Math.abs(analytic - best.value))) return undefined;
  return `the ${order} derivative along a direction is ${analytic}, but differences give ${best.value} ± ${best.uncertainty}`;
}

/** Components between 1/2 and 1 in size, of changing sign. */
function directionAt(i: number, salt: number): number {
  const drawn = ((13 * i + 7 * salt) % 17) / 16;
  return ((i + salt) % 3 === 0 ? -1 : 1) * (0.5 + drawn / 2);
}
