/**
 * @file The matrix product of one tile position, C = A·B or C += A·B, in register tiles of 4 or 6 rows × 8 columns.
 *
 * The tiles are those of gemmTile.ts, for the reasons given there. This loop is another one because it reads A where it
 * lies, row by row or column by column: packing tiles that are multiplied once with few channels would cost as much as
 * multiplying them.
 */
import { madd } from './simd';

/**
 * C[r, j] (+)= Σ_k A[r, k] B[k, j] for `rows` rows, rounded up to 4s and 6s: A and C must have room for up to three
 * more.
 *
 *   A[r, k] at a + r·aRow + k·aStep,   B[k, 8p…] at b + p·bPanel + k·bStep,   C[r, 8p…] at c + r·cRow + 32p
 */
export function multiply(
  rows: i32,
  panels: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bPanel: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
): void {
  // Rows that go in sixes, where there is fused multiply-add; a rest of five is a six, too.
  const sixes = ASC_FEATURE_RELAXED_SIMD ? ((rows + 1) / 6) * 6 : 0;
  for (let panel = 0; panel < panels; panel++) {
    if (ASC_FEATURE_RELAXED_SIMD) panel6x8(sixes, depth, a, aRow, aStep, b, bStep, c, cRow, accumulate);
    panel4x8(rows - sixes, depth, a + aRow * sixes, aRow, aStep, b, bStep, c + cRow * sixes, cRow, accumulate);
    b += bPanel;
    c += 32;
  }
}

@inline
function storeRow(c: usize, left: v128, right: v128, accumulate: bool): void {
  if (accumulate) {
    left = f32x4.add(left, v128.load(c));
    right = f32x4.add(right, v128.load(c, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

function panel4x8(
  rows: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
): void {
  const zero = f32x4.splat(0);
  for (; rows > 0; rows -= 4) {
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero, d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    let ak = a, bk = b;
    for (let k = 0; k < depth; k++) {
      const left = v128.load(bk), right = v128.load(bk, 16);
      let x = v128.load32_splat(ak);
      c0 = madd(x, left, c0);
      d0 = madd(x, right, d0);
      x = v128.load32_splat(ak + aRow);
      c1 = madd(x, left, c1);
      d1 = madd(x, right, d1);
      x = v128.load32_splat(ak + aRow * 2);
      c2 = madd(x, left, c2);
      d2 = madd(x, right, d2);
      x = v128.load32_splat(ak + aRow * 3);
      c3 = madd(x, left, c3);
      d3 = madd(x, right, d3);
      ak += aStep;
      bk += bStep;
    }
    storeRow(c, c0, d0, accumulate);
    storeRow(c + cRow, c1, d1, accumulate);
    storeRow(c + cRow * 2, c2, d2, accumulate);
    storeRow(c + cRow * 3, c3, d3, accumulate);
    a += aRow * 4;
    c += cRow * 4;
  }
}

function panel6x8(
  rows: i32,
  depth: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
): void {
  const zero = f32x4.splat(0);
  for (; rows > 0; rows -= 6) {
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero;
    let d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero, d5 = zero;
    let ak = a, bk = b;
    for (let k = 0; k < depth; k++) {
      const left = v128.load(bk), right = v128.load(bk, 16);
      let x = v128.load32_splat(ak);
      c0 = madd(x, left, c0);
      d0 = madd(x, right, d0);
      x = v128.load32_splat(ak + aRow);
      c1 = madd(x, left, c1);
      d1 = madd(x, right, d1);
      x = v128.load32_splat(ak + aRow * 2);
      c2 = madd(x, left, c2);
      d2 = madd(x, right, d2);
      x = v128.load32_splat(ak + aRow * 3);
      c3 = madd(x, left, c3);
      d3 = madd(x, right, d3);
      x = v128.load32_splat(ak + aRow * 4);
      c4 = madd(x, left, c4);
      d4 = madd(x, right, d4);
      x = v128.load32_splat(ak + aRow * 5);
      c5 = madd(x, left, c5);
      d5 = madd(x, right, d5);
      ak += aStep;
      bk += bStep;
    }
    storeRow(c, c0, d0, accumulate);
    storeRow(c + cRow, c1, d1, accumulate);
    storeRow(c + cRow * 2, c2, d2, accumulate);
    storeRow(c + cRow * 3, c3, d3, accumulate);
    storeRow(c + cRow * 4, c4, d4, accumulate);
    storeRow(c + cRow * 5, c5, d5, accumulate);
    a += aRow * 6;
    c += cRow * 6;
  }
}
