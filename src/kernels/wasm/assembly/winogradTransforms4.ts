/**
 * @file The matrices of F(4×4, 3×3). See winogradSandwich.ts.
 *
 * Polynomials are evaluated at 0, ±√½, ±√2, ∞ instead of Lavin and Gray's 0, ±1, ±2, ∞: points whose magnitudes are
 * reciprocals keep powers and differences small, and the largest rounding error falls fivefold (on the choice of
 * points: Barabasz, Anderson, Soodhalter and Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution
 * for Deep Neural Networks", ACM TOMS 2020). Rows of opposite points share the sums over even and odd columns.
 *
 * Constants are loaded, not written as literals: V8 makes a literal from a general register at every use, in three
 * instructions.
 */
import { add, at, axpy, put, scale, sub } from './winogradSandwich';

const SQRT_HALF = memory.data<f32>([0.70710678118654752]);
const SQRT_2 = memory.data<f32>([1.4142135623730951]);
const SQRT_2_SIXTH = memory.data<f32>([1.4142135623730951 / 6]);
const MINUS_SQRT_2_THIRD = memory.data<f32>([-1.4142135623730951 / 3]);
const HALF = memory.data<f32>([0.5]);
const MINUS_HALF = memory.data<f32>([-0.5]);
const TWO = memory.data<f32>([2]);
const MINUS_TWO = memory.data<f32>([-2]);
const MINUS_FIVE_HALVES = memory.data<f32>([-2.5]);
const THIRD = memory.data<f32>([1.0 / 3]);
const MINUS_THIRD = memory.data<f32>([-1.0 / 3]);

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
  @inline inputs(): usize { return 6; }
  @inline outputs(): usize { return 6; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x2 = at(x, dx, 2), x4 = at(x, dx, 4);
    put(y, dy, 0, axpy(MINUS_FIVE_HALVES, x2, add(x0, x4)));
    const x1 = at(x, dx, 1), x3 = at(x, dx, 3), x5 = at(x, dx, 5);
    put(y, dy, 5, axpy(MINUS_FIVE_HALVES, x3, add(x1, x5)));
    let even = axpy(MINUS_TWO, x2, x4), odd = scale(SQRT_HALF, axpy(MINUS_TWO, x1, x3));
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    even = axpy(MINUS_HALF, x2, x4), odd = scale(SQRT_2, axpy(MINUS_HALF, x1, x3));
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
  @inline inputs(): usize { return 3; }
  @inline outputs(): usize { return 6; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2);
    put(y, dy, 0, x0);
    let even = scale(MINUS_THIRD, axpy(TWO, x0, x2)), odd = scale(MINUS_SQRT_2_THIRD, x1);
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    even = scale(THIRD, axpy(HALF, x0, x2)), odd = scale(SQRT_2_SIXTH, x1);
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
  @inline inputs(): usize { return 6; }
  @inline outputs(): usize { return 4; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3), x4 = at(x, dx, 4);
    const even = add(x1, x2), odd = scale(SQRT_HALF, sub(x1, x2));
    const even2 = add(x3, x4), odd2 = scale(SQRT_2, sub(x3, x4));
    put(y, dy, 0, add(at(x, dx, 0), add(even, even2)));
    put(y, dy, 1, add(odd, odd2));
    put(y, dy, 2, axpy(TWO, even2, scale(HALF, even)));
    put(y, dy, 3, axpy(TWO, odd2, axpy(HALF, odd, at(x, dx, 5))));
  }
}

/**
 * A, for the weight gradient.
 */
@unmanaged
export class CotangentTransform4 {
  @inline inputs(): usize { return 4; }
  @inline outputs(): usize { return 6; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x0 = at(x, dx, 0), x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3);
    put(y, dy, 0, x0);
    let even = axpy(HALF, x2, x0), odd = scale(SQRT_HALF, axpy(HALF, x3, x1));
    put(y, dy, 1, add(even, odd));
    put(y, dy, 2, sub(even, odd));
    even = axpy(TWO, x2, x0), odd = scale(SQRT_2, axpy(TWO, x3, x1));
    put(y, dy, 3, add(even, odd));
    put(y, dy, 4, sub(even, odd));
    put(y, dy, 5, x3);
  }
}

/**
 * Gᵀ, for the weight gradient.
 */
@unmanaged
export class WeightGradTransform4 {
  @inline inputs(): usize { return 6; }
  @inline outputs(): usize { return 3; }
  @inline
  apply(x: usize, dx: usize, y: usize, dy: usize): void {
    const x1 = at(x, dx, 1), x2 = at(x, dx, 2), x3 = at(x, dx, 3), x4 = at(x, dx, 4);
    const even = scale(MINUS_THIRD, add(x1, x2)), even2 = scale(THIRD, add(x3, x4));
    put(y, dy, 0, add(at(x, dx, 0), axpy(TWO, even, scale(HALF, even2))));
    put(y, dy, 1, scale(SQRT_2_SIXTH, axpy(MINUS_TWO, sub(x1, x2), sub(x3, x4))));
    put(y, dy, 2, add(add(even, even2), at(x, dx, 5)));
  }
}
