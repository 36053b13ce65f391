/**
 * @file The structural similarity of two grey images (Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error
 * visibility to structural similarity", IEEE Transactions on Image Processing 13(4), 2004).
 *
 *   SSIM(a, b) = (2 μₐμ_b + C₁)(2 σₐ_b + C₂) / ((μₐ² + μ_b² + C₁)(σₐ² + σ_b² + C₂))
 *
 * Means μ, variances σ² and covariances σₐ_b are taken under a Gaussian window of 11 × 11 with σ = 1.5; C₁ = (K₁L)² and
 * C₂ = (K₂L)² with K₁ = 0.01, K₂ = 0.03 and L = 1, the range of the values. The index is the mean over all windows that lie
 * wholly within the image.
 */
import { UsageError } from '../usageError.js';

/** An image of one channel, row by row, from 0 to 1. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/** Cells of the window's side. */
export const SSIM_WINDOW = 11;

const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

const gaussian = normalized(
  Float64Array.from({ length: SSIM_WINDOW }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2))),
);

/**
 * From −1 to 1; an image and itself have 1.
 *
 * @throws UsageError if the sizes differ or an axis is shorter than the window
 */
export function ssim(a: Plane, b: Plane): number {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) {
    throw new UsageError(`SSIM compares images of one size, not ${width} × ${height} with ${b.width} × ${b.height}`);
  }
  if (Math.min(width, height) < SSIM_WINDOW) {
    throw new UsageError(`SSIM needs at least ${SSIM_WINDOW} × ${SSIM_WINDOW} pixels, got ${width} × ${height}`);
  }
  const columns = width - SSIM_WINDOW + 1;
  // Row y of moments, filtered along the row, lies at y mod 11.
  const rows = Array.from({ length: SSIM_WINDOW }, () => new Float64Array(5 * columns));
  const windows = new Float64Array(5 * columns);
  let sum = 0;
  for (let y = 0; y < height; y++) {
    filterRow(a.values, b.values, y * width, rows[y % SSIM_WINDOW]!);
    if (y < SSIM_WINDOW - 1) continue;
    filterColumns(rows, y - SSIM_WINDOW + 1, windows);
    sum += sumOfIndices(windows);
  }
  return sum / (columns * (height - SSIM_WINDOW + 1));
}

/** Windowed sums of a, b, a², b² and ab along the row that begins at `start`: five values per column. */
function filterRow(a: Float64Array, b: Float64Array, start: number, moments: Float64Array): void {
  for (let at = 0, x = start; at < moments.length; at += 5, x++) {
    let meanA = 0;
    let meanB = 0;
    let squareA = 0;
    let squareB = 0;
    let product = 0;
    for (let t = 0; t < SSIM_WINDOW; t++) {
      const w = gaussian[t]!;
      const p = a[x + t]!;
      const q = b[x + t]!;
      meanA += w * p;
      meanB += w * q;
      squareA += w * (p * p);
      squareB += w * (q * q);
      product += w * (p * q);
    }
    moments[at] = meanA;
    moments[at + 1] = meanB;
    moments[at + 2] = squareA;
    moments[at + 3] = squareB;
    moments[at + 4] = product;
  }
}

/** The moments of the windows whose top row is `top`. */
function filterColumns(rows: readonly Float64Array[], top: number, windows: Float64Array): void {
  windows.fill(0);
  for (let t = 0; t < SSIM_WINDOW; t++) {
    const w = gaussian[t]!;
    const row = rows[(top + t) % SSIM_WINDOW]!;
    for (let i = 0; i < windows.length; i++) windows[i]! += w * row[i]!;
  }
}

function sumOfIndices(windows: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < windows.length; at += 5) {
    const meanA = windows[at]!;
    const meanB = windows[at + 1]!;
    const squares = meanA * meanA + meanB * meanB;
    const variances = windows[at + 2]! + windows[at + 3]! - squares;
    const covariance = windows[at + 4]! - meanA * meanB;
    sum += ((2 * meanA * meanB + C1) * (2 * covariance + C2)) / ((squares + C1) * (variances + C2));
  }
  return sum;
}

function normalized(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}
