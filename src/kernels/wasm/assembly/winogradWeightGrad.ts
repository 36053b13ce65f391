/**
 * @file The weight gradient of a 1×3×3 convolution of stride 1: the transpose of Winograd's forward pass.
 *
 *   ∂g = Gᵀ [ Σ_tiles (A ∂y Aᵀ) ⊙ (Bᵀ d B) ] G      per pair of channels; the sum is a matrix product per position
 *
 * It multiplies 3×3 outputs' worth of m×m cotangents: F(3×3, m×m), with the matrices of F(m×m, 3×3).
 *
 * Phases
 *   winogradWeightGradPlan(geometry, plan)    plan: `winogradWeightGradPlanBytes(geometry)` bytes
 *   winogradWeightGrad(plan, x, cotangent, workspace, scratch, …)   a task sums a part of the bands, 64 × 64 channels
 *   winogradWeightGradFinish(plan, weightGrad, workspace, …)        a task adds up one output channel's parts, in order
 *
 * The parts are a fixed partition of the bands, so the order of the sums doesn't depend on who computes them.
 *
 *   workspace  ∂g of each part [parts, 9, Cout, Cin']
 *   scratch    bands of x and ∂y · V = Bᵀ d B [positions, tiles, Cin'] · D = A ∂y Aᵀ [positions, tiles, Cout'] ·
 *              M = Σ D ⊙ V [positions, Cout', Cin'] · vectors
 *
 * where ' means rounded up to eights; in scratch, the channels are those of a task.
 * A NaN or infinity makes all nine weights between its channel and those on the other side NaN or infinite.
 */
import { alignBytes, ceilDiv } from './plan';
import { multiply } from './winogradMultiply';
import { oddLines, paddedChannels, planTiles, WinogradGeometry, WinogradPlan } from './winogradPlan';
import { sandwich } from './winogradSandwich';
import { packBand, transformInputs, transformTile } from './winogradTiles';
import { CotangentTransform2, WeightGradTransform2 } from './winogradTransforms2';
import { CotangentTransform4, WeightGradTransform4 } from './winogradTransforms4';

/** Channels of a task, in and out: the sums of 36 positions, 590 KB, just stay in a second-level cache. */
const CHANNELS: i32 = 64;

/** Tiles of a block, the depth of the products: V and D together take at most 384 KB. */
const MOST_BLOCK: i32 = 64;
const BLOCK_BYTES: i32 = 384 * 1024;

/** Tasks worth having, and the tiles that make up for transforming a part's sums. */
const WANTED_TASKS: i32 = 16;
const LEAST_TILES: i32 = 64;

/** Rows of M beyond the last channel that the register tiles may touch. */
const SURPLUS_ROWS: i32 = 4;

/** Vectors of `sandwich`. */
const VECTORS: i32 = 36;

@unmanaged
class WeightGradPlan extends WinogradPlan {
  parts: i32;
  partBytes: i32;
  /** Blocks of at most 64 input channels, and pairs of blocks. */
  sourceBlocks: i32;
  pairs: i32;
  /** Bytes between the positions of M. */
  sumPosition: i32;
}

export function winogradWeightGradPlanBytes(geometry: usize): i32 {
  return offsetof<WeightGradPlan>();
}

export function winogradWeightGradPlan(geometry: usize, plan: usize): void {
  const grad = changetype<WeightGradPlan>(plan);
  const conv = changetype<WinogradGeometry>(geometry);
  const sourceChannels = min(CHANNELS, conv.inChannels);
  const targetChannels = min(CHANNELS, conv.outChannels);
  const positions = (conv.tile + 2) * (conv.tile + 2);
  const tileBytes = positions * (paddedChannels(sourceChannels) + paddedChannels(targetChannels)) * 4;
  planTiles(grad, conv, false, sourceChannels, targetChannels, min(MOST_BLOCK, BLOCK_BYTES / tileBytes));
  grad.sourceBlocks = ceilDiv(conv.inChannels, CHANNELS);
  grad.pairs = grad.sourceBlocks * ceilDiv(conv.outChannels, CHANNELS);
  const tiles = grad.images * grad.tileRows * grad.tileColumns;
  grad.parts = min(grad.bands, max(1, min(tiles / LEAST_TILES, ceilDiv(WANTED_TASKS, grad.pairs))));
  grad.partBytes = 9 * conv.outChannels * paddedChannels(conv.inChannels) * 4;
  grad.sumPosition = oddLines((targetChannels + SURPLUS_ROWS) * grad.sourcePixel);
  grad.prepareTasks = 0;
  grad.tasks = grad.parts * grad.pairs;
  grad.finishTasks = conv.outChannels;
  grad.workspaceBytes = grad.parts * grad.partBytes;
  const positionBytes = grad.sourcePosition + grad.targetPosition + grad.sumPosition;
  const bandBytes = grad.sourceBandBytes + grad.targetBandBytes;
  grad.scratchBytes = alignBytes(bandBytes + positionBytes * positions + VECTORS * 16);
}

/** Sums; a task is (part, pair of blocks of channels), the last running fastest. */
export function winogradWeightGrad(
  plan: usize,
  x: usize,
  cotangent: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const grad = changetype<WeightGradPlan>(plan);
  for (let task = firstTask; task < lastTask; task++) {
    const pair = task % grad.pairs;
    const part = task / grad.pairs;
    const firstSource = (pair % grad.sourceBlocks) * CHANNELS;
    const firstTarget = (pair / grad.sourceBlocks) * CHANNELS;
    const corner = <usize>(firstTarget * paddedChannels(grad.sourceChannels) + firstSource) << 2;
    sumBands(
      grad, x + grad.sourcePlane * firstSource, min(CHANNELS, grad.sourceChannels - firstSource),
      cotangent + grad.targetPlane * firstTarget, min(CHANNELS, grad.targetChannels - firstTarget),
      <i32>((<i64>grad.bands * part) / grad.parts), <i32>((<i64>grad.bands * (part + 1)) / grad.parts),
      workspace + <usize>part * grad.partBytes + corner, scratch,
    );
  }
}

/** Writes ∂g of a pair of blocks of channels, summed over a range of bands. */
function sumBands(
  plan: WeightGradPlan,
  x: usize,
  sourceChannels: i32,
  cotangent: usize,
  targetChannels: i32,
  firstBand: i32,
  lastBand: i32,
  weightGrad: usize,
  scratch: usize,
): void {
  const tile = plan.tile;
  const sourcePixel = <usize>plan.sourcePixel;
  const targetPixel = <usize>plan.targetPixel;
  const columns = plan.tileColumns * tile;
  const sourceRow = sourcePixel * (columns + 2);
  const targetRow = targetPixel * columns;
  const sourcePosition = <usize>plan.sourcePosition;
  const targetPosition = <usize>plan.targetPosition;
  const targetBand = scratch + plan.sourceBandBytes;
  const v = targetBand + plan.targetBandBytes;
  const d = v + sourcePosition * plan.positions;
  const sums = d + targetPosition * plan.positions;
  const vectors = sums + <usize>plan.sumPosition * plan.positions;

  let count = 0;
  let accumulate = false;
  for (let band = firstBand; band < lastBand; band++) {
    const image = band / plan.bandsPerImage;
    const firstRow = (band % plan.bandsPerImage) * plan.bandTileRows;
    const rows = min(plan.bandTileRows, plan.tileRows - firstRow) * tile;
    packBand(
      x + plan.sourceImage(image), plan.sourcePlane, sourceChannels, plan.sourceHeight, plan.sourceWidth,
      firstRow * tile - plan.paddingHeight, -plan.paddingWidth, rows + 2, columns + 2, scratch, sourcePixel,
    );
    packBand(
      cotangent + plan.targetImage(image), plan.targetPlane, targetChannels, plan.targetHeight, plan.targetWidth,
      firstRow * tile, 0, rows, columns, targetBand, targetPixel,
    );
    for (let row = 0; row < rows; row += tile) {
      for (let column = 0; column < columns; column += tile) {
        const sources = scratch + sourceRow * row + sourcePixel * column;
        const targets = targetBand + targetRow * row + targetPixel * column;
        const vSlot = v + sourcePixel * count;
        const dSlot = d + targetPixel * count;
        transformInputs(tile, sources, sourceRow, sourcePixel, sourceChannels, vSlot, sourcePosition, vectors);
        transformCotangents(
          tile, targets, targetRow, targetPixel, targetChannels, dSlot, targetPosition, vectors,
        );
        if (++count == plan.block) {
          addProducts(plan, count, v, sourceChannels, d, targetChannels, sums, accumulate);
          count = 0;
          accumulate = true;
        }
      }
    }
  }
  if (count > 0) addProducts(plan, count, v, sourceChannels, d, targetChannels, sums, accumulate);
  transformSums(plan, sums, sourceChannels, targetChannels, weightGrad, vectors);
}

/** D = A ∂y Aᵀ of one tile of m×m cotangents, all channels. */
@inline
function transformCotangents(
  m: i32,
  tile: usize,
  row: usize,
  pixel: usize,
  channels: i32,
  target: usize,
  position: usize,
  vectors: usize,
): void {
  if (m == 4) transformTile<CotangentTransform4>(tile, row, pixel, channels, target, position, vectors);
  else transformTile<CotangentTransform2>(tile, row, pixel, channels, target, position, vectors);
}

/** M (+)= Dᵀ V, position by position. */
function addProducts(
  plan: WeightGradPlan,
  count: i32,
  v: usize,
  sourceChannels: i32,
  d: usize,
  targetChannels: i32,
  sums: usize,
  accumulate: bool,
): void {
  for (let p = 0; p < plan.positions; p++) {
    multiply(
      targetChannels, paddedChannels(sourceChannels) / 8, count,
      d + <usize>plan.targetPosition * p, 4, plan.targetPixel,
      v + <usize>plan.sourcePosition * p, 32, plan.sourcePixel,
      sums + <usize>plan.sumPosition * p, plan.sourcePixel, accumulate,
    );
  }
}

/** ∂g = Gᵀ M G for every pair of channels, as [9, Cout, Cin']. */
function transformSums(
  plan: WeightGradPlan,
  sums: usize,
  sourceChannels: i32,
  targetChannels: i32,
  weightGrad: usize,
  vectors: usize,
): void {
  const position = <usize>plan.sumPosition;
  const row = <usize>paddedChannels(plan.sourceChannels) << 2;
  const tap = row * plan.targetChannels;
  for (let target = 0; target < targetChannels; target++) {
    for (let source: usize = 0; source < <usize>sourceChannels << 2; source += 16) {
      const from = sums + <usize>plan.sourcePixel * target + source;
      const to = weightGrad + row * target + source;
      if (plan.tile == 4) sandwich<WeightGradTransform4>(from, position * 6, position, to, tap * 3, tap, vectors);
      else sandwich<WeightGradTransform2>(from, position * 4, position, to, tap * 3, tap, vectors);
    }
  }
}

/** Adds up the parts in order and interleaves the taps: [Cout, Cin, 1, 3, 3]. */
export function winogradWeightGradFinish(
  plan: usize,
  weightGrad: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const grad = changetype<WeightGradPlan>(plan);
  const sources = grad.sourceChannels;
  const row = <usize>paddedChannels(sources) << 2;
  const tap = row * grad.targetChannels;
  for (let target = firstTask; target < lastTask; target++) {
    for (let source = 0; source < sources; source += 4) {
      let from = workspace + row * target + (<usize>source << 2);
      const to = weightGrad + <usize>(target * sources + source) * 36;
      const lanes = sources - source;
      for (let k: usize = 0; k < 36; k += 4) {
        let sum = f32x4.splat(0);
        for (let part: usize = 0; part < <usize>grad.parts; part++) {
          sum = f32x4.add(sum, v128.load(from + part * grad.partBytes));
        }
        v128.store32_lane(to + k, sum, 0);
        if (lanes > 1) v128.store32_lane(to + k, sum, 1, 36);
        if (lanes > 2) v128.store32_lane(to + k, sum, 2, 72);
        if (lanes > 3) v128.store32_lane(to + k, sum, 3, 108);
        from += tap;
      }
    }
  }
}
