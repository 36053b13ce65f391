/**
 * @file Derivatives of black boxes by extrapolated central differences.
 *
 *   D(h) = (f(h) − f(−h)) / 2h = f′(0) + c₂h² + c₄h⁴ + …
 *
 * Halving h and eliminating one power after the other converges fast where f is smooth; the smallest disagreement between
 * neighbours of the tableau tells truncation (h too large) from rounding (h too small). C. J. F. Ridders, "Accurate
 * computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4(2), 1982.
 */

/** f(h) − f(−h), and how much of it may be rounding. */
export interface Difference {
  readonly value: number;
  readonly rounding: number;
}

/** The best estimate so far. */
export interface DerivativeEstimate {
  readonly value: number;
  /** Truncation and rounding together. */
  readonly uncertainty: number;
  /** The part that is rounding. */
  readonly rounding: number;
  /** The smallest step that went into it. */
  readonly step: number;
}

/** Steps from `step` down to `step / 2⁹`. */
const LEVELS = 10;

/** Better and better estimates of f′(0), from two central differences on; the caller stops when it has seen enough. */
export function* ridders(difference: (h: number) => Difference, step: number): Generator<DerivativeEstimate> {
  let previous: readonly number[] = [];
  let best: DerivativeEstimate | undefined;
  for (let level = 0; level < LEVELS; level++) {
    const h = step / 2 ** level;
    const change = difference(h);
    const rounding = change.rounding / (2 * h);
    const row = [change.value / (2 * h)];
    for (const [order, coarser] of previous.entries()) {
      const finer = row[order] ?? Number.NaN;
      const extrapolated = finer + (finer - coarser) / (4 ** (order + 1) - 1);
      row.push(extrapolated);
      const truncation = Math.max(Math.abs(extrapolated - finer), Math.abs(extrapolated - coarser));
      const uncertainty = truncation + rounding;
      if (!best || !(best.uncertainty <= uncertainty)) best = { value: extrapolated, uncertainty, rounding, step: h };
    }
    previous = row;
    if (best) yield best;
  }
}
