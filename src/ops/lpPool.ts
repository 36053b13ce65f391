/**
 * @file Lp pooling (Sermanet, Chintala and LeCun, "Convolutional neural networks applied to house numbers digit
 * classification", ICPR 2012): the p-norm of each window.
 *
 *   y = (Σ |xᵢ|ᵖ)^(1/p)      ∂y/∂xᵢ = sign(xᵢ) (|xᵢ| / y)^(p−1)
 *
 * p = 1 is the sum of magnitudes, p → ∞ tends to the largest. The magnitudes of a window are measured by the largest of them,
 * so that no power overflows. Where all are 0, or below 10⁻³⁰, y is the largest and its gradient 0.
 *
 * PyTorch's `lp_pool` knows neither padding nor dilation, sums xᵖ without the magnitude (so that odd p cancel), and scales up the
 * windows that ceil mode cuts off; here these are sums over what they have.
 */
import { ArgumentError } from '../errors.js';
import type { WindowOptions } from '../kernels/windowGeometry.js';
import type { Tensor } from '../tensor/tensor.js';
import { add, div, mul, pow } from './arithmetic.js';
import { lessEqual } from './compare.js';
import { windowMax } from './maxPool.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';
import { cellCounts } from './sumPool.js';
import { abs, exp, log, sqrt } from './unary.js';
import { where } from './where.js';
import { WindowCells } from './windowCells.js';

export interface LpPoolOptions extends WindowOptions {
  /** At least 1. Default 2. */
  readonly p?: number | undefined;
}

/** The largest magnitude that counts as 0: its reciprocal is still finite in float32. */
const NEGLIGIBLE = 1e-30;

/** Up to this exponent, a whole power is a product. */
const LARGEST_PRODUCT = 16;

/**
 * The p-norm of each window over one axis.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @returns `[N, C, L']` or `[C, L']`
 * @throws ShapeError if a window exceeds the padded input
 * @throws ArgumentError if p isn't a finite number of at least 1
 */
export function lpPool1d(x: Tensor, options: LpPoolOptions): Tensor {
  return lpPool('lpPool1d', 1, x, options);
}

/** Lp pooling over two axes: `[N, C, H, W]` or `[C, H, W]` → `[…, H', W']`; see `lpPool1d`. */
export function lpPool2d(x: Tensor, options: LpPoolOptions): Tensor {
  return lpPool('lpPool2d', 2, x, options);
}

/** Lp pooling over three axes: `[N, C, D, H, W]` or `[C, D, H, W]` → `[…, D', H', W']`; see `lpPool1d`. */
export function lpPool3d(x: Tensor, options: LpPoolOptions): Tensor {
  return lpPool('lpPool3d', 3, x, options);
}

function lpPool(operation: string, rank: 1 | 2 | 3, x: Tensor, { p = 2, ...window }: LpPoolOptions): Tensor {
  checkExponent(operation, p);
  return windowNorm(x, poolWindow(operation, x, rank, window), p);
}

/** @throws ArgumentError if p isn't a finite number of at least 1 */
export function checkExponent(operation: string, p: number): void {
  if (!(p >= 1 && Number.isFinite(p))) {
    throw new ArgumentError(`${operation}: p must be finite and at least 1, got ${p}; use max pooling for p → ∞`);
  }
}

/** (Σ |xᵢ|ᵖ)^(1/p) over each window; with `mean`, of the mean in place of the sum. */
export function windowNorm(x: Tensor, window: PoolWindow, p: number, { mean = false } = {}): Tensor {
  const magnitudes = abs(x);
  // y doesn't depend on the unit that a window is measured in, so no gradient flows through it.
  const unit = windowMax(magnitudes.detach(), window);
  const isZero = lessEqual(unit, NEGLIGIBLE);
  const cells = new WindowCells(magnitudes, window);
  const ratios = mul(cells.values, cells.spread(where(isZero, 0, div(1, unit))));
  const total = cells.sum(power(ratios, p));
  const measured = mean ? div(total, cellCounts(x, window)) : total;
  return mul(unit, root(add(measured, isZero), p));
}

/** xᵖ of values from 0 to 1. */
function power(x: Tensor, p: number): Tensor {
  if (!Number.isInteger(p) || p > LARGEST_PRODUCT) return pow(x, p);
  if (p === 1) return x;
  const square = pow(power(x, Math.floor(p / 2)), 2);
  return p % 2 === 0 ? square : mul(square, x);
}

/** x^(1/p) of values that are not near to 0. */
function root(x: Tensor, p: number): Tensor {
  if (p === 1) return x;
  return p === 2 ? sqrt(x) : exp(mul(log(x), 1 / p));
}
