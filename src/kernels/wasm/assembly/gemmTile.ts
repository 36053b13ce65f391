/**
 * @file The micro-kernel below matrix multiplication and convolution: a panel of rows times a list of column pairs.
 *
 *   c[r][0…8) = max(floor, init[r][0…8) + Σ_k a[k][r] · b(k)[0…8))
 *
 * `a` is a packed panel, `rows` values per step k. The eight columns of a tile are two quads of four, each with an address of
 * its own: b(k) = (x0 + offsets[k], x1 + offsets[k]). So one loop serves packed matrices, where the offsets are equidistant,
 * and images, where they lead to the taps of a convolution window; reading them costs nothing measurable. Quads that lie
 * apart let images of width 4 or 12 fill the tile, too.
 *
 * Why 4×8 and 6×8: V8 has 15 vector registers to give. Multiplying and adding apart takes a temporary, and V8 before
 * version 12 (Node 20) hoists all loads of a loop body, so that 8 accumulators + 2 columns + 4 splats are what fits; taller
 * tiles spill and run at half the speed. Engines that know fused multiply-add hold 12 accumulators, which hides its latency
 * of 4 cycles at two per cycle and loads 0.67 instead of 0.75 vectors per multiply-add. Where there are one or two rows only
 * (depthwise convolution, vectors), a tile is 1×16: loading more than it multiplies, but no row for nothing.
 *
 * Why a list: V8 unrolls the loop over k, and keeps the rows' addresses in registers, only inside another loop. Without it
 * Node 20 ran 4×8 at 83 % of the peak, with it at 95 %. Node 24 leaves the larger 6×8 loop as it is.
 */
import { madd } from './simd';

export const TILE_COLUMNS: i32 = 8;

/** Bytes of the largest tile where it lies dense: two quads per row. */
export const TILE_BYTES: i32 = 6 * 32;

/** Rows are cut into strips that both tile heights divide; a strip's panels don't depend on the other strips. */
export const STRIP_ROWS: i32 = 12;

/** Up to this many rows, each is a panel of its own: depthwise convolution has one. */
export const NARROW_ROWS: i32 = 2;

/** What a panel is multiplied with, and where the results go. Strides, steps and shifts are in bytes. */
@unmanaged
export class TileRun {
  /** Steps k, and the byte offset of each from x0 and x1. */
  depth: i32;
  offsets: usize;
  floor: f32;
  /** An even number for panels of one row, which take two at a time: the last pair may be there twice. */
  pairs: i32;
  /** Addresses x0, x1 of each pair. */
  sources: usize;
  /** Addresses of each pair's first row of sums to start from; `initStep` is 0 where all pairs share them, else 8. */
  inits: usize;
  initStep: usize;
  initShift: usize;
  initStride: usize;
  /** Addresses of each pair's first row of results. */
  targets: usize;
  targetShift: usize;
  targetStride: usize;
}

/**
 * Rows of the panel that begins at row `row` of `rows`: 6s and 4s such that the fewest rows of the strip are empty
 * (8 = 4 + 4), or 1 where there are hardly any. The last panel may reach past the last row.
 */
export function panelRows(row: i32, rows: i32): i32 {
  if (rows <= NARROW_ROWS) return 1;
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

/**
 * Multiplies the panel `a` of `rows` rows (a value of `panelRows`) with every column pair of the run. NaN is greater than
 * any floor to `f32x4.max`: it stays.
 */
export function multiplyPanel(rows: i32, a: usize, run: TileRun): void {
  if (rows == 1) multiply1x16(a, run);
  else if (ASC_FEATURE_RELAXED_SIMD && rows == 6) multiply6x8(a, run);
  else multiply4x8(a, run);
}

function multiply1x16(a: usize, run: TileRun): void {
  const offsets = run.offsets;
  const end = offsets + (<usize>run.depth << 2);
  const floor = f32x4.splat(run.floor);
  const targetShift = run.targetShift;
  let sources = run.sources;
  let inits = run.inits;
  let targets = run.targets;
  for (const last = sources + (<usize>run.pairs << 3); sources < last; sources += 16) {
    const x0 = load<usize>(sources);
    const x1 = load<usize>(sources, 4);
    const x2 = load<usize>(sources, 8);
    const x3 = load<usize>(sources, 12);
    let c0 = v128.load(load<usize>(inits) + run.initShift);
    let c1 = v128.load(load<usize>(inits, 4) + run.initShift);
    inits += run.initStep;
    let c2 = v128.load(load<usize>(inits) + run.initShift);
    let c3 = v128.load(load<usize>(inits, 4) + run.initShift);
    inits += run.initStep;

    let weights = a;
    for (let step = offsets; step < end; step += 4) {
      const offset = <usize>load<u32>(step);
      const weight = v128.load32_splat(weights);
      c0 = madd(weight, v128.load(x0 + offset), c0);
      c1 = madd(weight, v128.load(x1 + offset), c1);
      c2 = madd(weight, v128.load(x2 + offset), c2);
      c3 = madd(weight, v128.load(x3 + offset), c3);
      weights += 4;
    }

    v128.store(load<usize>(targets) + targetShift, f32x4.max(c0, floor));
    v128.store(load<usize>(targets, 4) + targetShift, f32x4.max(c1, floor));
    v128.store(load<usize>(targets, 8) + targetShift, f32x4.max(c2, floor));
    v128.store(load<usize>(targets, 12) + targetShift, f32x4.max(c3, floor));
    targets += 16;
  }
}

function multiply4x8(a: usize, run: TileRun): void {
  const offsets = run.offsets;
  const end = offsets + (<usize>run.depth << 2);
  const floor = f32x4.splat(run.floor);
  const initStride = run.initStride;
  const targetStride = run.targetStride;
  let sources = run.sources;
  let inits = run.inits;
  let targets = run.targets;
  for (const last = sources + (<usize>run.pairs << 3); sources < last; sources += 8) {
    const x0 = load<usize>(sources);
    const x1 = load<usize>(sources, 4);
    let init0 = load<usize>(inits) + run.initShift;
    let init1 = load<usize>(inits, 4) + run.initShift;
    let l0 = v128.load(init0);
    let r0 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l1 = v128.load(init0);
    let r1 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l2 = v128.load(init0);
    let r2 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l3 = v128.load(init0);
    let r3 = v128.load(init1);

    let weights = a;
    for (let step = offsets; step < end; step += 4) {
      const offset = <usize>load<u32>(step);
      const left = v128.load(x0 + offset);
      const right = v128.load(x1 + offset);
      let row = v128.load32_splat(weights);
      l0 = madd(row, left, l0);
      r0 = madd(row, right, r0);
      row = v128.load32_splat(weights, 4);
      l1 = madd(row, left, l1);
      r1 = madd(row, right, r1);
      row = v128.load32_splat(weights, 8);
      l2 = madd(row, left, l2);
      r2 = madd(row, right, r2);
      row = v128.load32_splat(weights, 12);
      l3 = madd(row, left, l3);
      r3 = madd(row, right, r3);
      weights += 16;
    }

    let target0 = load<usize>(targets) + run.targetShift;
    let target1 = load<usize>(targets, 4) + run.targetShift;
    v128.store(target0, f32x4.max(l0, floor));
    v128.store(target1, f32x4.max(r0, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l1, floor));
    v128.store(target1, f32x4.max(r1, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l2, floor));
    v128.store(target1, f32x4.max(r2, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l3, floor));
    v128.store(target1, f32x4.max(r3, floor));
    inits += run.initStep;
    targets += 8;
  }
}

function multiply6x8(a: usize, run: TileRun): void {
  const offsets = run.offsets;
  const end = offsets + (<usize>run.depth << 2);
  const floor = f32x4.splat(run.floor);
  const initStride = run.initStride;
  const targetStride = run.targetStride;
  let sources = run.sources;
  let inits = run.inits;
  let targets = run.targets;
  for (const last = sources + (<usize>run.pairs << 3); sources < last; sources += 8) {
    const x0 = load<usize>(sources);
    const x1 = load<usize>(sources, 4);
    let init0 = load<usize>(inits) + run.initShift;
    let init1 = load<usize>(inits, 4) + run.initShift;
    let l0 = v128.load(init0);
    let r0 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l1 = v128.load(init0);
    let r1 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l2 = v128.load(init0);
    let r2 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l3 = v128.load(init0);
    let r3 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l4 = v128.load(init0);
    let r4 = v128.load(init1);
    init0 += initStride;
    init1 += initStride;
    let l5 = v128.load(init0);
    let r5 = v128.load(init1);

    let weights = a;
    for (let step = offsets; step < end; step += 4) {
      const offset = <usize>load<u32>(step);
      const left = v128.load(x0 + offset);
      const right = v128.load(x1 + offset);
      let row = v128.load32_splat(weights);
      l0 = madd(row, left, l0);
      r0 = madd(row, right, r0);
      row = v128.load32_splat(weights, 4);
      l1 = madd(row, left, l1);
      r1 = madd(row, right, r1);
      row = v128.load32_splat(weights, 8);
      l2 = madd(row, left, l2);
      r2 = madd(row, right, r2);
      row = v128.load32_splat(weights, 12);
      l3 = madd(row, left, l3);
      r3 = madd(row, right, r3);
      row = v128.load32_splat(weights, 16);
      l4 = madd(row, left, l4);
      r4 = madd(row, right, r4);
      row = v128.load32_splat(weights, 20);
      l5 = madd(row, left, l5);
      r5 = madd(row, right, r5);
      weights += 24;
    }

    let target0 = load<usize>(targets) + run.targetShift;
    let target1 = load<usize>(targets, 4) + run.targetShift;
    v128.store(target0, f32x4.max(l0, floor));
    v128.store(target1, f32x4.max(r0, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l1, floor));
    v128.store(target1, f32x4.max(r1, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l2, floor));
    v128.store(target1, f32x4.max(r2, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l3, floor));
    v128.store(target1, f32x4.max(r3, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l4, floor));
    v128.store(target1, f32x4.max(r4, floor));
    target0 += targetStride;
    target1 += targetStride;
    v128.store(target0, f32x4.max(l5, floor));
    v128.store(target1, f32x4.max(r5, floor));
    inits += run.initStep;
    targets += 8;
  }
}
