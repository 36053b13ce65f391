/**
 * @file The matrices of F(2×2, 3×3): polynomials evaluated at 0, 1, −1, ∞. See winogradSandwich.ts.
 *
 * The two transforms that most of the time goes into have no `apply`: their 4×4 tiles fit the registers, column by
 * column.
 */
import { add, at, put, scale, sub } from './winogradSandwich';

const HALF = memory.data<f32>([0.5]);

/**
 * Y = Bᵀ X B for a tile X of 4×4 inputs:
 *
 * Bᵀ = | 1  0 −1  0 |
 *      | 0  1  1  0 |
 *      | 0 −1  1  0 |
 *      | 0  1  0 −1 |
 */
@inline
export function inputTransform2(x: usize, xRow: usize, xColumn: usize, y: usize, yRow: usize, yColumn: usize): void {
  const x1 = x + xColumn;
  const x2 = x1 + xColumn;
  const x3 = x2 + xColumn;
  putInputColumn(
    sub(at(x, xRow, 0), at(x2, xRow, 0)), sub(at(x, xRow, 1), at(x2, xRow, 1)),
    sub(at(x, xRow, 2), at(x2, xRow, 2)), sub(at(x, xRow, 3), at(x2, xRow, 3)), y, yRow,
  );
  putInputColumn(
    add(at(x1, xRow, 0), at(x2, xRow, 0)), add(at(x1, xRow, 1), at(x2, xRow, 1)),
    add(at(x1, xRow, 2), at(x2, xRow, 2)), add(at(x1, xRow, 3), at(x2, xRow, 3)), y + yColumn, yRow,
  );
  putInputColumn(
    sub(at(x2, xRow, 0), at(x1, xRow, 0)), sub(at(x2, xRow, 1), at(x1, xRow, 1)),
    sub(at(x2, xRow, 2), at(x1, xRow, 2)), sub(at(x2, xRow, 3), at(x1, xRow, 3)), y + yColumn * 2, yRow,
  );
  putInputColumn(
    sub(at(x1, xRow, 0), at(x3, xRow, 0)), sub(at(x1, xRow, 1), at(x3, xRow, 1)),
    sub(at(x1, xRow, 2), at(x3, xRow, 2)), sub(at(x1, xRow, 3), at(x3, xRow, 3)), y + yColumn * 3, yRow,
  );
}

/** Writes Bᵀ times one column of X B. */
@inline
function putInputColumn(x0: v128, x1: v128, x2: v128, x3: v128, y: usize, yRow: usize): void {
  put(y, yRow, 0, sub(x0, x2));
  put(y, yRow, 1, add(x1, x2));
  put(y, yRow, 2, sub(x2, x1));
  put(y, yRow, 3, sub(x1, x3));
}

/**
 * The first row of Aᵀ times a column of four vectors:
 *
 * Aᵀ = | 1  1  1  0 |
 *      | 0  1 −1 −1 |
 */
@inline
export function firstOutput2(x0: v128, x1: v128, x2: v128): v128 {
  return add(x0, add(x1, x2));
}

/** The second row of Aᵀ times a column of four vectors. */
@inline
export function secondOutput2(x1: v128, x2: v128, x3: v128): v128 {
  return sub(sub(x1, x2), x3);
}

/**
 * G = | 1  0  0 |
 *     | ½  ½  ½ |
 *     | ½ −½  ½ |
 *     | 0  0  1 |
 */
@unmanaged
export class WeightTransform2 {
  @inline inputs(): usize { return 3; }
  @inline outputs(): usize { return 4; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2);
    const even = scale(HALF, add(x0, x2)), odd = scale(HALF, x1);
    put(y, dy, 0, x0);
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    put(y, dy, 3, x2);
  }
}

/**
 * A, for the weight gradient.
 */
@unmanaged
export class CotangentTransform2 {
  @inline inputs(): usize { return 2; }
  @inline outputs(): usize { return 4; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1);
    put(y, dy, 0, x0);
    put(y, dy, 1, add(x0, x1));
    put(y, dy, 2, sub(x0, x1));
    put(y, dy, 3, f32x4.neg(x1));
  }
}

/**
 * Gᵀ, for the weight gradient.
 */
@unmanaged
export class WeightGradTransform2 {
  @inline inputs(): usize { return 4; }
  @inline outputs(): usize { return 3; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3);
    const even = scale(HALF, add(x1, x2));
    put(y, dy, 0, add(x0, even));
    put(y, dy, 1, scale(HALF, sub(x1, x2)));
    put(y, dy, 2, add(even, x3));
  }
}
