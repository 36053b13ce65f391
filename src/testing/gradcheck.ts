/**
 * @file Checks gradients against central differences, in float64 on the reference backend.
 *
 *   analytic  ⟨∂L/∂x, d⟩ by backward     numeric  (L(x + hd) − L(x − hd)) / 2h     with L = Σ vⱼ f(x)ⱼ, v random
 *
 * d is one element after the other, or for large inputs a few random directions.
 */
import { loadBackend } from '../tensor/activeBackend.js';
import { Generator } from '../tensor/generator.js';
import { type GradcheckInput, type PointInput, pointOf } from './gradcheckInput.js';
import {
  type DerivativeCheck,
  GradcheckError,
  type GradcheckReport,
  type InputCoverage,
  reportOf,
} from './gradcheckReport.js';
import { type CheckedFunction, GradientChecker } from './gradientChecker.js';

export interface GradcheckOptions {
  /** Absolute part of the tolerance. Default 1e-8. */
  readonly atol?: number | undefined;
  /** Relative part of the tolerance. Default 1e-6. */
  readonly rtol?: number | undefined;
  /** Largest step of the central differences; it shrinks down to 1/512 of it where need be. Default 2⁻¹⁰ ≈ 0.001. */
  readonly step?: number | undefined;
  /** Inputs with more elements are checked along random directions. Default 128. */
  readonly maxElements?: number | undefined;
  /** How many. Default 8. */
  readonly directions?: number | undefined;
  /** Of random inputs, cotangents and directions. Default 0. */
  readonly seed?: number | undefined;
  /** Throw a GradcheckError for a wrong gradient, rather than return the report. Default true. */
  readonly throwOnFailure?: boolean | undefined;
}

/**
 * Compares the gradients of `f` with central differences.
 *
 * A derivative passes if |analytic − numeric| ≤ atol + rtol · |numeric| + rounding, where rounding is a bound on what float64
 * does to the difference of two values of f. A gradient that is off by a thousandth fails. Outputs that aren't scalars are
 * weighted with random cotangents. Constants that `f` makes need the dtype and backend of its inputs.
 *
 * @param inputs tensors of any dtype and backend, or `{ shape }` (with `low`, `high`) for well-separated random values
 * @throws GradcheckError that names the worst element, both values and the step
 * @throws ArgumentError if `f` returns different values for the same inputs
 *
 * @example await gradcheck((x, w) => conv2d(x, w), [{ shape: [1, 2, 5, 5] }, { shape: [3, 2, 3, 3] }])
 */
export async function gradcheck(
  f: CheckedFunction,
  inputs: readonly GradcheckInput[],
  options: GradcheckOptions = {},
): Promise<GradcheckReport> {
  await loadBackend('reference');
  const generator = new Generator(options.seed ?? 0);
  const point = await pointOf('gradcheck', inputs, generator);
  return checkGradients('gradcheck', f, point, generator, options);
}

/** The check itself, at a point of plain numbers. */
export function checkGradients(
  operation: string,
  f: CheckedFunction,
  point: readonly PointInput[],
  generator: Generator,
  options: GradcheckOptions,
): GradcheckReport {
  const { atol = 1e-8, rtol = 1e-6, step = 2 ** -10, maxElements = 128, directions = 8, seed = 0 } = options;
  const checker = new GradientChecker(operation, f, point, generator, { atol, rtol, step });
  const checks: DerivativeCheck[] = [];
  const coverage = point.map(({ name, shape, values }, input): InputCoverage => {
    const everyElement = values.length <= maxElements;
    const found = everyElement ? checker.checkElements(input) : checker.checkDirections(input, directions);
    checks.push(...found);
    return { name, shape, method: everyElement ? 'every element' : 'random directions', count: found.length };
  });
  const report = reportOf(operation, checks, coverage, { step, seed });
  if (!report.passed && (options.throwOnFailure ?? true)) throw new GradcheckError(report);
  return report;
}
