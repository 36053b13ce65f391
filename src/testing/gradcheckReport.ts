/**
 * @file What a gradient check found, in numbers and in words.
 */
import type { Shape } from '../tensor/shape.js';

/** One derivative, computed twice. */
export interface DerivativeCheck {
  /** Which input, counted from 0; `gradgradcheck` counts the cotangents behind the inputs. */
  readonly input: number;
  /** The element, one index per axis; absent where a random direction was checked and no single element is to blame. */
  readonly index: readonly number[] | undefined;
  /** What backward says. */
  readonly analytic: number;
  /** What central differences say. */
  readonly numeric: number;
  /** |analytic − numeric| */
  readonly error: number;
  /** The largest error that passes. */
  readonly tolerance: number;
  /** How far the central differences disagree among themselves. */
  readonly uncertainty: number;
  /** The smallest step of the central differences. */
  readonly step: number;
}

/** How an input was checked. */
export interface InputCoverage {
  readonly name: string;
  readonly shape: Shape;
  readonly method: 'every element' | 'random directions';
  /** Number of derivatives compared. */
  readonly count: number;
}

export interface GradcheckReport {
  readonly passed: boolean;
  /** The derivative with the largest error in proportion to its tolerance; absent if all inputs are empty. */
  readonly worst: DerivativeCheck | undefined;
  readonly failures: number;
  readonly coverage: readonly InputCoverage[];
  /** The step that the central differences started from. */
  readonly step: number;
  /** Seed of the random inputs, cotangents and directions. */
  readonly seed: number;
  /** The same for a reader. */
  readonly message: string;
}

/** Thrown for a wrong gradient; `report` holds the numbers. */
export class GradcheckError extends Error {
  override readonly name = 'GradcheckError';

  constructor(readonly report: GradcheckReport) {
    super(report.message);
  }
}

/** Sums up the checks of one call. */
export function reportOf(
  operation: string,
  checks: readonly DerivativeCheck[],
  coverage: readonly InputCoverage[],
  { step, seed }: { readonly step: number; readonly seed: number },
): GradcheckReport {
  const ranked = [...checks].sort((a, b) => severity(b) - severity(a));
  const [worst] = ranked;
  const failures = checks.filter((check) => severity(check) > 1).length;
  const summary = `${failures} of ${checks.length} derivatives are wrong (${coverage.map(describe).join('; ')}; seed ${seed})`;
  const message =
    worst && failures > 0
      ? `${operation}: ${blame(worst, coverage)}\n  ${summary}`
      : `${operation}: all ${checks.length} derivatives agree (${coverage.map(describe).join('; ')})`;
  return { passed: failures === 0, worst, failures, coverage, step, seed, message };
}

/** Error over tolerance; what isn't a number is infinitely wrong. */
export function severity({ error, tolerance }: DerivativeCheck): number {
  const ratio = error / tolerance;
  return Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio;
}

function describe({ name, shape, method, count }: InputCoverage): string {
  return `${name} [${shape}] by ${method === 'every element' ? method : `${count} ${method}`}`;
}

function blame(worst: DerivativeCheck, coverage: readonly InputCoverage[]): string {
  const name = coverage[worst.input]?.name ?? `input ${worst.input}`;
  const place = worst.index ? `at [${worst.index}]` : 'along a random direction';
  const lines = [
    `the gradient of ${name} ${place} is ${worst.analytic}, but central differences give ${worst.numeric} (step ${worst.step.toExponential(1)})`,
    `error ${worst.error.toExponential(2)} exceeds ${worst.tolerance.toExponential(2)} = atol + rtol · |numeric| + rounding`,
  ];
  if (!Number.isFinite(worst.numeric)) {
    lines.push('the function is not finite near the inputs; choose inputs inside its domain');
  } else if (worst.uncertainty > worst.tolerance) {
    lines.push(
      `the differences don't converge there (± ${worst.uncertainty.toExponential(1)}): a kink or a jump may be near; pass { shape } or well-separated values`,
    );
  }
  return lines.join('\n  ');
}
