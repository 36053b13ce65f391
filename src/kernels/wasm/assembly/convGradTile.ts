/**
 * @file The micro-kernel below the weight gradient.
 *
 *   sums[r][0…8) += Σ over rows, j of source(row, r, j) · cotangent[position][0…8)
 *
 * A tile row r is one product of the convolution (source channel and tap), the eight columns are output channels: the
 * cotangent comes transposed, eight channels side by side per position, and positions run through the target rows in order.
 * The tile heights are those of gemmTile.ts, for the same reasons.
 *
 * One or two output channels (depthwise convolution) would leave the columns empty. For them the positions themselves run
 * along the lanes, four products at a time: sums[r][0…4) += Σ source(row, r, j + lane) · cotangent(row, j + lane), and
 * whoever reads the sums adds up their lanes.
 */
import { NARROW_ROWS } from './gemmTile';
import { madd } from './simd';

/** Tile rows: products per tile. */
export const GRAD_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
export const NARROW_GRAD_ROWS: i32 = 4;

/** Whether positions run along the lanes. */
@inline
export function isNarrow(outputChannels: i32): bool {
  return outputChannels <= NARROW_ROWS;
}

/**
 * Adds the products of `rows` target rows of `width` positions onto a tile.
 *
 * @param sources address of each target row's sources
 * @param offsets byte offset of each tile row's product from there
 * @param sums GRAD_ROWS × 8 floats
 */
@inline
export function gradTile(sources: usize, rows: i32, width: i32, offsets: usize, cotangent: usize, sums: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) gradTile6(sources, rows, width, offsets, cotangent, sums);
  else gradTile4(sources, rows, width, offsets, cotangent, sums);
}

function gradTile4(sources: usize, rows: i32, width: i32, offsets: usize, cotangent: usize, sums: usize): void {
  let l0 = v128.load(sums);
  let r0 = v128.load(sums, 16);
  let l1 = v128.load(sums, 32);
  let r1 = v128.load(sums, 48);
  let l2 = v128.load(sums, 64);
  let r2 = v128.load(sums, 80);
  let l3 = v128.load(sums, 96);
  let r3 = v128.load(sums, 112);

  const length = <usize>width << 2;
  for (const lastRow = sources + (<usize>rows << 2); sources < lastRow; sources += 4) {
    const row = load<usize>(sources);
    let x0 = row + load<u32>(offsets);
    let x1 = row + load<u32>(offsets, 4);
    let x2 = row + load<u32>(offsets, 8);
    let x3 = row + load<u32>(offsets, 12);
    for (const end = x0 + length; x0 < end; x0 += 4) {
      const left = v128.load(cotangent);
      const right = v128.load(cotangent, 16);
      let x = v128.load32_splat(x0);
      l0 = madd(x, left, l0);
      r0 = madd(x, right, r0);
      x = v128.load32_splat(x1);
      l1 = madd(x, left, l1);
      r1 = madd(x, right, r1);
      x = v128.load32_splat(x2);
      l2 = madd(x, left, l2);
      r2 = madd(x, right, r2);
      x = v128.load32_splat(x3);
      l3 = madd(x, left, l3);
      r3 = madd(x, right, r3);
      x1 += 4;
      x2 += 4;
      x3 += 4;
      cotangent += 32;
    }
  }

  v128.store(sums, l0);
  v128.store(sums, r0, 16);
  v128.store(sums, l1, 32);
  v128.store(sums, r1, 48);
  v128.store(sums, l2, 64);
  v128.store(sums, r2, 80);
  v128.store(sums, l3, 96);
  v128.store(sums, r3, 112);
}

function gradTile6(sources: usize, rows: i32, width: i32, offsets: usize, cotangent: usize, sums: usize): void {
  let l0 = v128.load(sums);
  let r0 = v128.load(sums, 16);
  let l1 = v128.load(sums, 32);
  let r1 = v128.load(sums, 48);
  let l2 = v128.load(sums, 64);
  let r2 = v128.load(sums, 80);
  let l3 = v128.load(sums, 96);
  let r3 = v128.load(sums, 112);
  let l4 = v128.load(sums, 128);
  let r4 = v128.load(sums, 144);
  let l5 = v128.load(sums, 160);
  let r5 = v128.load(sums, 176);

  const length = <usize>width << 2;
  for (const lastRow = sources + (<usize>rows << 2); sources < lastRow; sources += 4) {
    const row = load<usize>(sources);
    let x0 = row + load<u32>(offsets);
    let x1 = row + load<u32>(offsets, 4);
    let x2 = row + load<u32>(offsets, 8);
    let x3 = row + load<u32>(offsets, 12);
    let x4 = row + load<u32>(offsets, 16);
    let x5 = row + load<u32>(offsets, 20);
    for (const end = x0 + length; x0 < end; x0 += 4) {
      const left = v128.load(cotangent);
      const right = v128.load(cotangent, 16);
      let x = v128.load32_splat(x0);
      l0 = madd(x, left, l0);
      r0 = madd(x, right, r0);
      x = v128.load32_splat(x1);
      l1 = madd(x, left, l1);
      r1 = madd(x, right, r1);
      x = v128.load32_splat(x2);
      l2 = madd(x, left, l2);
      r2 = madd(x, right, r2);
      x = v128.load32_splat(x3);
      l3 = madd(x, left, l3);
      r3 = madd(x, right, r3);
      x = v128.load32_splat(x4);
      l4 = madd(x, left, l4);
      r4 = madd(x, right, r4);
      x = v128.load32_splat(x5);
      l5 = madd(x, left, l5);
      r5 = madd(x, right, r5);
      x1 += 4;
      x2 += 4;
      x3 += 4;
      x4 += 4;
      x5 += 4;
      cotangent += 32;
    }
  }

  v128.store(sums, l0);
  v128.store(sums, r0, 16);
  v128.store(sums, l1, 32);
  v128.store(sums, r1, 48);
  v128.store(sums, l2, 64);
  v128.store(sums, r2, 80);
  v128.store(sums, l3, 96);
  v128.store(sums, r3, 112);
  v128.store(sums, l4, 128);
  v128.store(sums, r4, 144);
  v128.store(sums, l5, 160);
  v128.store(sums, r5, 176);
}

/**
 * Adds the products of one output channel and four products onto NARROW_GRAD_ROWS × 4 sums.
 *
 * @param cotangents address of each target row in the first output channel
 * @param shift bytes from there to the channel
 */
export function gradTileNarrow(
  sources: usize,
  cotangents: usize,
  shift: usize,
  rows: i32,
  width: i32,
  offsets: usize,
  sums: usize,
): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  const wholeBytes = <usize>(width & ~3) << 2;
  const rest = width & 3;
  // What lies behind a row may be NaN, so both factors are masked.
  const mask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest));

  for (const lastRow = sources + (<usize>rows << 2); sources < lastRow; sources += 4) {
    const row = load<usize>(sources);
    let x0 = row + load<u32>(offsets);
    let x1 = row + load<u32>(offsets, 4);
    let x2 = row + load<u32>(offsets, 8);
    let x3 = row + load<u32>(offsets, 12);
    let cotangent = load<usize>(cotangents) + shift;
    for (const end = cotangent + wholeBytes; cotangent < end; cotangent += 16) {
      const factor = v128.load(cotangent);
      s0 = madd(factor, v128.load(x0), s0);
      s1 = madd(factor, v128.load(x1), s1);
      s2 = madd(factor, v128.load(x2), s2);
      s3 = madd(factor, v128.load(x3), s3);
      x0 += 16;
      x1 += 16;
      x2 += 16;
      x3 += 16;
    }
    if (rest) {
      const factor = v128.and(v128.load(cotangent), mask);
      s0 = madd(factor, v128.and(v128.load(x0), mask), s0);
      s1 = madd(factor, v128.and(v128.load(x1), mask), s1);
      s2 = madd(factor, v128.and(v128.load(x2), mask), s2);
      s3 = madd(factor, v128.and(v128.load(x3), mask), s3);
    }
    cotangents += 4;
  }

  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}
