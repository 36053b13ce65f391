/**
 * @file The matrices of Winograd's minimal filtering (Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016).
 *
 *   F(m×m, 3×3), tiles of α = m + 2:    Y  = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A      d: α×α input, g: 3×3 weights, Y: m×m output
 *   its transpose, the weight gradient:  dg = Gᵀ [ (A dY Aᵀ) ⊙ (Bᵀ d B) ] G
 *
 * Each class is one matrix T and applies y = T x to vectors of four float32 lanes that lie `stride` bytes apart in memory;
 * `sandwich` applies T x Tᵀ. Lanes are independent: callers put channels in them.
 *
 * F(2×2) evaluates polynomials at 0, ±1, ∞. F(4×4) does so at 0, ±√½, ±√2, ∞ instead of the paper's 0, ±1, ±2, ∞: powers of points
 * close to 1 and reciprocal to each other stay small, and the largest rounding error falls fivefold (on the choice of points see
 * Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution", ACM TOMS 2020).
 */
import { madd } from './simd';

const SQRT_HALF: f32 = 0.70710678118654752;
const SQRT_2: f32 = 1.4142135623730951;

@inline
function at(x: usize, stride: usize, i: usize): v128 {
  return v128.load(x + stride * i);
}

@inline
function put(y: usize, stride: usize, i: usize, value: v128): void {
  v128.store(y + stride * i, value);
}

@inline
function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

@inline
function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

/** s·a */
@inline
function scale(s: f32, a: v128): v128 {
  return f32x4.mul(f32x4.splat(s), a);
}

/** s·a + b */
@inline
function axpy(s: f32, a: v128, b: v128): v128 {
  return madd(f32x4.splat(s), a, b);
}

// ---- F(2×2): points 0, 1, −1, ∞ ----

/**
 * Bᵀ = | 1  0 −1  0 |
 *      | 0  1  1  0 |
 *      | 0 −1  1  0 |
 *      | 0  1  0 −1 |
 */
@unmanaged
export class InputTransform2 {
  @inline
  inputs(): usize { return 4; }
  @inline
  outputs(): usize { return 4; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3);
    put(y, dy, 0, sub(x0, x2));
    put(y, dy, 1, add(x1, x2));
    put(y, dy, 2, sub(x2, x1));
    put(y, dy, 3, sub(x1, x3));
  }
}

/**
 * G = | 1  0  0 |
 *     | ½  ½  ½ |
 *     | ½ −½  ½ |
 *     | 0  0  1 |
 */
@unmanaged
export class WeightTransform2 {
  @inline
  inputs(): usize { return 3; }
  @inline
  outputs(): usize { return 4; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2);
    const even = scale(0.5, add(x0, x2)), odd = scale(0.5, x1);
    put(y, dy, 0, x0);
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    put(y, dy, 3, x2);
  }
}

/**
 * Aᵀ = | 1  1  1  0 |
 *      | 0  1 −1 −1 |
 */
@unmanaged
export class OutputTransform2 {
  @inline
  inputs(): usize { return 4; }
  @inline
  outputs(): usize { return 2; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3);
    put(y, dy, 0, add(x0, add(x1, x2)));
    put(y, dy, 1, sub(sub(x1, x2), x3));
  }
}

/**
 * A, the transpose of `OutputTransform2`, for the output gradient of the weight gradient.
 */
@unmanaged
export class CotangentTransform2 {
  @inline
  inputs(): usize { return 2; }
  @inline
  outputs(): usize { return 4; }
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
 * Gᵀ, the transpose of `WeightTransform2`.
 */
@unmanaged
export class WeightGradTransform2 {
  @inline
  inputs(): usize { return 4; }
  @inline
  outputs(): usize { return 3; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3);
    const even = scale(0.5, add(x1, x2));
    put(y, dy, 0, add(x0, even));
    put(y, dy, 1, scale(0.5, sub(x1, x2)));
    put(y, dy, 2, add(even, x3));
  }
}

// ---- F(4×4): points 0, √½, −√½, √2, −√2, ∞. Rows of ± points share their even and odd parts. ----

/**
 * Bᵀ = | 1   0  −5/2  0    1  0 |
 *      | 0 −√2  −2   √½    1  0 |
 *      | 0  √2  −2  −√½    1  0 |
 *      | 0 −√½  −½   √2    1  0 |
 *      | 0  √½  −½  −√2    1  0 |
 *      | 0   1   0  −5/2   0  1 |
 */
@unmanaged
export class InputTransform4 {
  @inline
  inputs(): usize { return 6; }
  @inline
  outputs(): usize { return 6; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x2 = at(x, dx, 2), x4 = at(x, dx, 4);
    put(y, dy, 0, axpy(-2.5, x2, add(x0, x4)));
    const x1 = at(x, dx, 1), x3 = at(x, dx, 3), x5 = at(x, dx, 5);
    put(y, dy, 5, axpy(-2.5, x3, add(x1, x5)));
    let even = axpy(-2, x2, x4), odd = scale(SQRT_HALF, axpy(-2, x1, x3));
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    even = axpy(-0.5, x2, x4), odd = scale(SQRT_2, axpy(-0.5, x1, x3));
    put(y, dy, 3, add(even, odd));
    put(y, dy, 4, sub(even, odd));
  }
}

/**
 * G = |   1      0     0  |
 *     | −2/3 −√2/3  −1/3 |
 *     | −2/3  √2/3  −1/3 |
 *     |  1/6  √2/6   1/3 |
 *     |  1/6 −√2/6   1/3 |
 *     |   0      0     1  |
 */
@unmanaged
export class WeightTransform4 {
  @inline
  inputs(): usize { return 3; }
  @inline
  outputs(): usize { return 6; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2);
    put(y, dy, 0, x0);
    let even = scale(-1.0 / 3.0, axpy(2, x0, x2)), odd = scale(-SQRT_2 / 3.0, x1);
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    even = scale(1.0 / 3.0, axpy(0.5, x0, x2)), odd = scale(SQRT_2 / 6.0, x1);
    put(y, dy, 3, add(even, odd));
    put(y, dy, 4, sub(even, odd));
    put(y, dy, 5, x2);
  }
}

/**
 * Aᵀ = | 1   1    1    1    1   0 |
 *      | 0  √½  −√½   √2  −√2   0 |
 *      | 0   ½    ½    2    2   0 |
 *      | 0 √½/2 −√½/2 2√2 −2√2  1 |
 */
@unmanaged
export class OutputTransform4 {
  @inline
  inputs(): usize { return 6; }
  @inline
  outputs(): usize { return 4; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3), x4 = at(x, dx, 4);
    const even = add(x1, x2), odd = scale(SQRT_HALF, sub(x1, x2));
    const even2 = add(x3, x4), odd2 = scale(SQRT_2, sub(x3, x4));
    put(y, dy, 0, add(at(x, dx, 0), add(even, even2)));
    put(y, dy, 1, add(odd, odd2));
    put(y, dy, 2, axpy(2, even2, scale(0.5, even)));
    put(y, dy, 3, axpy(2, odd2, axpy(0.5, odd, at(x, dx, 5))));
  }
}

/**
 * A, the transpose of `OutputTransform4`.
 */
@unmanaged
export class CotangentTransform4 {
  @inline
  inputs(): usize { return 4; }
  @inline
  outputs(): usize { return 6; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3);
    put(y, dy, 0, x0);
    let even = axpy(0.5, x2, x0), odd = scale(SQRT_HALF, axpy(0.5, x3, x1));
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    even = axpy(2, x2, x0), odd = scale(SQRT_2, axpy(2, x3, x1));
    put(y, dy, 3, add(even, odd));
    put(y, dy, 4, sub(even, odd));
    put(y, dy, 5, x3);
  }
}

/**
 * Gᵀ, the transpose of `WeightTransform4`.
 */
@unmanaged
export class WeightGradTransform4 {
  @inline
  inputs(): usize { return 6; }
  @inline
  outputs(): usize { return 3; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3), x4 = at(x, dx, 4);
    const even = scale(-1.0 / 3.0, add(x1, x2)), even2 = scale(1.0 / 3.0, add(x3, x4));
    put(y, dy, 0, add(at(x, dx, 0), axpy(2, even, scale(0.5, even2))));
    put(y, dy, 1, scale(SQRT_2 / 6.0, axpy(-2, sub(x1, x2), sub(x3, x4))));
    put(y, dy, 2, add(add(even, even2), at(x, dx, 5)));
  }
}

/**
 * Y = T X Tᵀ for a matrix X of vectors: T along every row, then down every column.
 *
 * @param xRow, xColumn bytes from one row, one column of X to the next; likewise for Y
 * @param scratch room for 36 vectors
 */
@inline
export function sandwich<T>(x: usize, xRow: usize, xColumn: usize, y: usize, yRow: usize, yColumn: usize, scratch: usize): void {
  const transform = changetype<T>(0);
  const scratchRow = transform.outputs() * 16;
  for (let row: usize = 0; row < transform.inputs(); row++) {
    transform.apply(x + row * xRow, xColumn, scratch + row * scratchRow, 16);
  }
  for (let column: usize = 0; column < transform.outputs(); column++) {
    transform.apply(scratch + column * 16, scratchRow, y + column * yColumn, yRow);
  }
}
