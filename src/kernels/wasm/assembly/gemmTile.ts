/**
 * @file The micro-kernel below matrix multiplication and convolution.
 *
 *   c[r][0…8) = max(floor, init[r][0…8) + Σ_k a[k][r] · b(k)[0…8))
 *
 * `a` is a packed panel, `rows` values per step k. The eight columns are two quads of four, each with an address of its own:
 * b(k) = (x0 + offsets[k], x1 + offsets[k]). So one loop serves packed matrices, where the offsets are equidistant, and
 * images, where they lead to the taps of a convolution window; reading them costs nothing measurable. Quads that lie apart
 * let images of width 4 or 12 fill the tile, too.
 *
 * Why 4×8 and 6×8: V8 has 15 vector registers to give. Multiplying and adding apart takes a temporary, and V8 before
 * version 12 (Node 20) hoists all loads of a loop body, so that 8 accumulators + 2 columns + 4 splats are what fits; taller
 * tiles spill and run at half the speed. Engines that know fused multiply-add hold 12 accumulators, which hides its latency
 * of 4 cycles at two per cycle and loads 0.67 instead of 0.75 vectors per multiply-add.
 */
import { madd } from './simd';

export const TILE_COLUMNS: i32 = 8;

/** Rows of the tallest tile. */
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** Bytes of a tile that lies dense in scratch memory: two quads per row. */
export const TILE_BYTES: i32 = 6 * 32;

/** Rows are cut into strips that both tile heights divide; a strip's panels don't depend on the other strips. */
export const STRIP_ROWS: i32 = 12;

/**
 * Rows of the panel that begins at row `row` of `rows`: 6s and 4s such that the fewest rows of the strip are empty
 * (8 = 4 + 4). The last panel may reach past the last row.
 */
export function panelRows(row: i32, rows: i32): i32 {
  if (!ASC_FEATURE_RELAXED_SIMD) return 4;
  const left = min(STRIP_ROWS - (row % STRIP_ROWS), rows - row);
  return left <= 4 || left == 7 || left == 8 ? 4 : 6;
}

/** Returns `rows` rounded up to whole panels. */
export function paddedRows(rows: i32): i32 {
  let row = rows - (rows % STRIP_ROWS);
  while (row < rows) row += panelRows(row, rows);
  return row;
}

/** Multiplies one panel of `rows` rows (a value of `panelRows`); see the file's header. Strides are in bytes. */
@inline
export function multiplyTile(
  rows: i32,
  depth: i32,
  a: usize,
  offsets: usize,
  x0: usize,
  x1: usize,
  init0: usize,
  init1: usize,
  initStride: usize,
  floor: f32,
  c0: usize,
  c1: usize,
  cStride: usize,
): void {
  if (ASC_FEATURE_RELAXED_SIMD && rows == 6) {
    tile6x8(depth, a, offsets, x0, x1, init0, init1, initStride, floor, c0, c1, cStride);
  } else {
    tile4x8(depth, a, offsets, x0, x1, init0, init1, initStride, floor, c0, c1, cStride);
  }
}

/** Writes one row of a tile. NaN is greater than any floor to `f32x4.max`: it stays. */
@inline
function storeRow(c0: usize, c1: usize, left: v128, right: v128, floor: v128): void {
  v128.store(c0, f32x4.max(left, floor));
  v128.store(c1, f32x4.max(right, floor));
}

function tile4x8(
  depth: i32,
  a: usize,
  offsets: usize,
  x0: usize,
  x1: usize,
  init0: usize,
  init1: usize,
  initStride: usize,
  floor: f32,
  c0: usize,
  c1: usize,
  cStride: usize,
): void {
  let l0 = v128.load(init0);
  let r0 = v128.load(init1);
  let l1 = v128.load(init0 + initStride);
  let r1 = v128.load(init1 + initStride);
  let l2 = v128.load(init0 + initStride * 2);
  let r2 = v128.load(init1 + initStride * 2);
  let l3 = v128.load(init0 + initStride * 3);
  let r3 = v128.load(init1 + initStride * 3);

  for (const end = offsets + (<usize>depth << 2); offsets < end; offsets += 4) {
    const offset = <usize>load<u32>(offsets);
    const left = v128.load(x0 + offset);
    const right = v128.load(x1 + offset);
    let row = v128.load32_splat(a);
    l0 = madd(row, left, l0);
    r0 = madd(row, right, r0);
    row = v128.load32_splat(a, 4);
    l1 = madd(row, left, l1);
    r1 = madd(row, right, r1);
    row = v128.load32_splat(a, 8);
    l2 = madd(row, left, l2);
    r2 = madd(row, right, r2);
    row = v128.load32_splat(a, 12);
    l3 = madd(row, left, l3);
    r3 = madd(row, right, r3);
    a += 16;
  }

  const limit = f32x4.splat(floor);
  storeRow(c0, c1, l0, r0, limit);
  storeRow(c0 + cStride, c1 + cStride, l1, r1, limit);
  storeRow(c0 + cStride * 2, c1 + cStride * 2, l2, r2, limit);
  storeRow(c0 + cStride * 3, c1 + cStride * 3, l3, r3, limit);
}

function tile6x8(
  depth: i32,
  a: usize,
  offsets: usize,
  x0: usize,
  x1: usize,
  init0: usize,
  init1: usize,
  initStride: usize,
  floor: f32,
  c0: usize,
  c1: usize,
  cStride: usize,
): void {
  let l0 = v128.load(init0);
  let r0 = v128.load(init1);
  let l1 = v128.load(init0 + initStride);
  let r1 = v128.load(init1 + initStride);
  let l2 = v128.load(init0 + initStride * 2);
  let r2 = v128.load(init1 + initStride * 2);
  let l3 = v128.load(init0 + initStride * 3);
  let r3 = v128.load(init1 + initStride * 3);
  let l4 = v128.load(init0 + initStride * 4);
  let r4 = v128.load(init1 + initStride * 4);
  let l5 = v128.load(init0 + initStride * 5);
  let r5 = v128.load(init1 + initStride * 5);

  for (const end = offsets + (<usize>depth << 2); offsets < end; offsets += 4) {
    const offset = <usize>load<u32>(offsets);
    const left = v128.load(x0 + offset);
    const right = v128.load(x1 + offset);
    let row = v128.load32_splat(a);
    l0 = madd(row, left, l0);
    r0 = madd(row, right, r0);
    row = v128.load32_splat(a, 4);
    l1 = madd(row, left, l1);
    r1 = madd(row, right, r1);
    row = v128.load32_splat(a, 8);
    l2 = madd(row, left, l2);
    r2 = madd(row, right, r2);
    row = v128.load32_splat(a, 12);
    l3 = madd(row, left, l3);
    r3 = madd(row, right, r3);
    row = v128.load32_splat(a, 16);
    l4 = madd(row, left, l4);
    r4 = madd(row, right, r4);
    row = v128.load32_splat(a, 20);
    l5 = madd(row, left, l5);
    r5 = madd(row, right, r5);
    a += 24;
  }

  const limit = f32x4.splat(floor);
  storeRow(c0, c1, l0, r0, limit);
  storeRow(c0 + cStride, c1 + cStride, l1, r1, limit);
  storeRow(c0 + cStride * 2, c1 + cStride * 2, l2, r2, limit);
  storeRow(c0 + cStride * 3, c1 + cStride * 3, l3, r3, limit);
  storeRow(c0 + cStride * 4, c1 + cStride * 4, l4, r4, limit);
  storeRow(c0 + cStride * 5, c1 + cStride * 5, l5, r5, limit);
}
