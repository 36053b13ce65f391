/**
 * @file How the matrices of Winograd's minimal filtering are applied.
 *
 *   F(m×m, 3×3), tiles of m + 2:          Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *   its transpose, the weight gradient:  ∂g = Gᵀ [ (A ∂Y Aᵀ) ⊙ (Bᵀ d B) ] G
 *
 * d: inputs, g: 3×3 weights, Y: m×m outputs. Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR
 * 2016.
 *
 * Each matrix T is a class without fields, so that a null reference of that type carries it into generic code at no
 * cost. Its method `apply` computes y = T x, where x and y are sequences of vectors of four lanes in memory, dx and dy
 * bytes apart. Lanes are independent, and hold channels. The matrices of F(2×2) and F(4×4): winogradTransforms2.ts,
 * winogradTransforms4.ts.
 */
import { madd } from './simd';

/**
 * Y = T X Tᵀ: T along every row of X, then down every column of the result.
 *
 * @param xRow, xColumn bytes from one row, and from one column, of X to the next; likewise for Y
 * @param vectors room for (columns of T) × (rows of T) vectors
 */
@inline
export function sandwich<T>(
  x: usize,
  xRow: usize,
  xColumn: usize,
  y: usize,
  yRow: usize,
  yColumn: usize,
  vectors: usize,
): void {
  const transform = changetype<T>(0);
  const vectorRow = transform.outputs() * 16;
  for (let row: usize = 0; row < transform.inputs(); row++) {
    transform.apply(x + row * xRow, xColumn, vectors + row * vectorRow, 16);
  }
  for (let column: usize = 0; column < transform.outputs(); column++) {
    transform.apply(vectors + column * 16, vectorRow, y + column * yColumn, yRow);
  }
}

/** Returns element i of a sequence. */
@inline
export function at(x: usize, dx: usize, i: usize): v128 {
  return v128.load(x + dx * i);
}

/** Writes element i of a sequence. */
@inline
export function put(y: usize, dy: usize, i: usize, value: v128): void {
  v128.store(y + dy * i, value);
}

@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

@inline
export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

/** Returns s·a; s is given by its address. */
@inline
export function scale(s: usize, a: v128): v128 {
  return f32x4.mul(v128.load32_splat(s), a);
}

/** Returns s·a + b; s is given by its address. */
@inline
export function axpy(s: usize, a: v128, b: v128): v128 {
  return madd(v128.load32_splat(s), a, b);
}
