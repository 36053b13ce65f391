/**
 * @file Winograd's convolution: 1×3×3, stride 1, forward and input gradient (Lavin and Gray, CVPR 2016).
 *
 *   y = Aᵀ [ Σ_i (G g Gᵀ) ⊙ (Bᵀ d B) ] A      for every tile and output channel; the sum is a matrix product per position
 *
 * The input gradient is the same with the cotangent for x and the weights rotated by 180°, channels swapped. See
 * winogradTransforms.ts for the matrices, winogradPlan.ts for tiles, bands and blocks.
 *
 * Phases, here for the forward pass; those of the input gradient are named winogradInputGrad…
 *   winogradForwardPlan(geometry, plan)    plan: `winogradForwardPlanBytes(geometry)` bytes
 *   winogradForwardPrepare(plan, weight, bias, workspace, …)           a task transforms the weights of 8 target channels
 *   winogradForward(plan, x, relu, y, workspace, scratch, …)           a task computes some bands
 *
 *   workspace  bias [Cout'] · U = G g Gᵀ [positions, Cout'/8, Cin, 8] · vectors of the tasks
 *   scratch    band [rows, columns, Cin'] · V = Bᵀ d B [positions, tiles, Cin'] · M [positions, tiles, Cout'] · destinations · vectors
 *
 * where ' means rounded up to eights. A NaN or infinity makes all outputs of the tiles that read it NaN or infinite.
 */
import { atLeast } from './lanes';
import { alignBytes, ceilDiv } from './plan';
import { transpose4 } from './simd';
import { multiply } from './winogradMultiply';
import { planTiles, WinogradGeometry, WinogradPlan } from './winogradPlan';
import { packBand, transformTile } from './winogradTiles';
import {
  InputTransform2, InputTransform4, OutputTransform2, OutputTransform4, sandwich, WeightTransform2, WeightTransform4,
} from './winogradTransforms';

/** Tiles of a block: V and M of 16 channels stay in the first-level, of 64 in the second-level cache; whole register tiles. */
const BLOCK: i32 = 24;

/** Vectors that a task of the first phase works on: 9 weights, then those of `sandwich`. */
const WEIGHT_VECTORS: i32 = 9 + 18;
/** The same of the main phase: 16 outputs, a tile that the border cuts, then those of `sandwich`. */
const TILE_VECTORS: i32 = 16 + 16 + 36;

/** Where the outputs of a tile go, and how many rows and columns of them exist. */
@unmanaged
class Destination {
  address: usize;
  rows: i32;
  columns: i32;
}

export function winogradForwardPlanBytes(geometry: usize): i32 {
  return offsetof<WinogradPlan>();
}

export function winogradForwardPlan(geometry: usize, plan: usize): void {
  planPass(changetype<WinogradPlan>(plan), changetype<WinogradGeometry>(geometry), false);
}

/** Transforms the weights [Cout, Cin, 1, 3, 3]; `bias` is 0 where there is none. */
export function winogradForwardPrepare(
  plan: usize,
  weight: usize,
  bias: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  transformWeights(changetype<WinogradPlan>(plan), weight, bias, false, workspace, firstTask, lastTask);
}

/** Convolves; `relu` is 1 for max(·, 0). */
export function winogradForward(
  plan: usize,
  x: usize,
  relu: i32,
  y: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  convolve(changetype<WinogradPlan>(plan), x, relu ? 0 : -Infinity, y, workspace, scratch, firstTask, lastTask);
}

export function winogradInputGradPlanBytes(geometry: usize): i32 {
  return offsetof<WinogradPlan>();
}

export function winogradInputGradPlan(geometry: usize, plan: usize): void {
  planPass(changetype<WinogradPlan>(plan), changetype<WinogradGeometry>(geometry), true);
}

export function winogradInputGradPrepare(plan: usize, weight: usize, workspace: usize, firstTask: i32, lastTask: i32): void {
  transformWeights(changetype<WinogradPlan>(plan), weight, 0, true, workspace, firstTask, lastTask);
}

/** Convolves the cotangent (of y's shape) into a gradient of x's shape. */
export function winogradInputGrad(
  plan: usize,
  cotangent: usize,
  inputGrad: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  convolve(changetype<WinogradPlan>(plan), cotangent, -Infinity, inputGrad, workspace, scratch, firstTask, lastTask);
}

function planPass(plan: WinogradPlan, geometry: WinogradGeometry, inputGrad: bool): void {
  const sourceChannels = inputGrad ? geometry.outChannels : geometry.inChannels;
  const targetChannels = inputGrad ? geometry.inChannels : geometry.outChannels;
  planTiles(plan, geometry, inputGrad, sourceChannels, targetChannels, BLOCK);
  plan.prepareTasks = plan.targetPixel / 32;
  plan.tasks = ceilDiv(plan.bands, plan.bandsPerTask);
  plan.finishTasks = 0;
  const weightBytes = plan.positions * sourceChannels * plan.targetPixel;
  plan.workspaceBytes = alignBytes(plan.targetPixel + weightBytes + plan.prepareTasks * WEIGHT_VECTORS * 16);
  const blockBytes = (plan.sourcePosition + plan.targetPosition) * plan.positions + BLOCK * offsetof<Destination>();
  plan.scratchBytes = alignBytes(plan.sourceBandBytes + blockBytes + TILE_VECTORS * 16);
}

/** U = G g Gᵀ and the bias of eight target channels; those that don't exist get zeros. */
function transformWeights(
  plan: WinogradPlan,
  weight: usize,
  bias: usize,
  rotated: bool,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const sources = plan.sourceChannels;
  const targets = plan.targetChannels;
  const position = <usize>(sources * plan.targetPixel);
  const transformed = workspace + plan.targetPixel;
  const vectors = transformed + position * plan.positions + <usize>(firstTask * WEIGHT_VECTORS * 16);
  for (let target = firstTask * 8; target < lastTask * 8; target += 4) {
    for (let t = target; t < target + 4; t++) {
      f32.store(workspace + (t << 2), bias && t < targets ? f32.load(bias + (t << 2)) : 0);
    }
    let panel = transformed + <usize>((target >> 3) * sources * 32 + (target & 4) * 4);
    for (let source = 0; source < sources; source++) {
      for (let lane = 0; lane < 4; lane++) {
        const t = target + lane;
        const pair = weight + <usize>(rotated ? source * targets + t : t * sources + source) * 36;
        for (let tap = 0; tap < 9; tap++) {
          const from = pair + ((rotated ? 8 - tap : tap) << 2);
          f32.store(vectors + (tap << 4) + (lane << 2), t < targets ? f32.load(from) : 0);
        }
      }
      if (plan.tile == 4) sandwich<WeightTransform4>(vectors, 48, 16, panel, position * 6, position, vectors + 144);
      else sandwich<WeightTransform2>(vectors, 48, 16, panel, position * 4, position, vectors + 144);
      panel += 32;
    }
  }
}

/** target = max(source ∗ weights + bias, floor) */
function convolve(
  plan: WinogradPlan,
  source: usize,
  floor: f32,
  target: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const tile = plan.tile;
  const channels = plan.sourceChannels;
  const pixel = <usize>plan.sourcePixel;
  const columns = plan.tileColumns * tile + 2;
  const row = pixel * columns;
  const position = <usize>plan.sourcePosition;
  const v = scratch + plan.sourceBandBytes;
  const destinations = v + <usize>(plan.sourcePosition + plan.targetPosition) * plan.positions;
  const vectors = destinations + BLOCK * offsetof<Destination>();

  const lastBand = min(plan.bands, lastTask * plan.bandsPerTask);
  let count = 0;
  for (let band = firstTask * plan.bandsPerTask; band < lastBand; band++) {
    const image = band / plan.bandsPerImage;
    const firstRow = (band % plan.bandsPerImage) * plan.bandTileRows;
    const tileRows = min(plan.bandTileRows, plan.tileRows - firstRow);
    const output = target + plan.targetImage(image);
    packBand(
      source + plan.sourceImage(image), plan.sourcePlane, channels, plan.sourceHeight, plan.sourceWidth,
      firstRow * tile - plan.paddingHeight, -plan.paddingWidth, tileRows * tile + 2, columns, scratch, pixel,
    );
    for (let y = 0; y < tileRows * tile; y += tile) {
      for (let x = 0; x < plan.tileColumns * tile; x += tile) {
        const first = scratch + row * y + pixel * x;
        const slot = v + pixel * count;
        if (tile == 4) transformTile<InputTransform4>(first, row, pixel, channels, slot, position, vectors);
        else transformTile<InputTransform2>(first, row, pixel, channels, slot, position, vectors);
        const destination = changetype<Destination>(destinations + count * offsetof<Destination>());
        const targetRow = firstRow * tile + y;
        destination.address = output + (<usize>(targetRow * plan.targetWidth + x) << 2);
        destination.rows = min(tile, plan.targetHeight - targetRow);
        destination.columns = min(tile, plan.targetWidth - x);
        if (++count == BLOCK) {
          finishBlock(plan, count, workspace, v, destinations, floor, vectors);
          count = 0;
        }
      }
    }
  }
  if (count > 0) finishBlock(plan, count, workspace, v, destinations, floor, vectors);
}

/** Multiplies the tiles of a block with the weights, position by position, and writes their outputs. */
function finishBlock(
  plan: WinogradPlan,
  count: i32,
  workspace: usize,
  v: usize,
  destinations: usize,
  floor: f32,
  vectors: usize,
): void {
  const channels = plan.targetChannels;
  const pixel = <usize>plan.targetPixel;
  const position = <usize>plan.targetPosition;
  const m = v + <usize>plan.sourcePosition * plan.positions;
  const panel = <usize>plan.sourceChannels * 32;
  let u = workspace + pixel;
  for (let p = 0; p < plan.positions; p++) {
    multiply(
      count, plan.targetPixel / 32, plan.sourceChannels, v + <usize>plan.sourcePosition * p, plan.sourcePixel, 4,
      u, panel, 32, m + position * p, pixel, false,
    );
    u += panel * (pixel / 32);
  }

  const tile = plan.tile;
  const row = <usize>plan.targetWidth << 2;
  const plane = plan.targetPlane;
  const bound = f32x4.splat(floor);
  // A cache line's worth of neighbouring tiles before the next channels: planes of a power-of-two size share one set of the
  // cache and would evict each other's half-written lines.
  for (let first = 0; first < count; first += 8) {
    const last = min(first + 8, count);
    for (let channel = 0; channel < channels; channel += 4) {
      const shift = v128.load(workspace + (channel << 2));
      for (let i = first; i < last; i++) {
        writeTile(
          tile, m + pixel * i + (channel << 2), position, shift, bound, changetype<Destination>(destinations + i * offsetof<Destination>()),
          plane * channel, plane, row, min(4, channels - channel), vectors,
        );
      }
    }
  }
}

/** Writes max(Aᵀ M A + shift, bound) of one tile and up to four channels. */
@inline
function writeTile(
  tile: i32,
  products: usize,
  position: usize,
  shift: v128,
  bound: v128,
  destination: Destination,
  offset: usize,
  plane: usize,
  row: usize,
  channels: i32,
  vectors: usize,
): void {
  const to = destination.address + offset;
  const whole = channels == 4 && destination.rows == tile && destination.columns == tile;
  const part = vectors + 16 * 16;
  const address = whole ? to : part;
  const addressPlane = whole ? plane : 64;
  const addressRow = whole ? row : 16;
  if (tile == 4) {
    sandwich<OutputTransform4>(products, position * 6, position, vectors, 64, 16, vectors + 32 * 16);
    for (let i: usize = 0; i < 256; i += 16) finish(vectors + i, shift, bound);
    for (let i: usize = 0; i < 4; i++) transpose4(vectors + i * 64, 16, address + addressRow * i, addressPlane);
  } else {
    sandwich<OutputTransform2>(products, position * 4, position, vectors, 32, 16, vectors + 32 * 16);
    for (let i: usize = 0; i < 64; i += 16) finish(vectors + i, shift, bound);
    transpose4(vectors, 16, vectors, 16);
    for (let i: usize = 0; i < 4; i++) {
      const outputs = v128.load(vectors + i * 16);
      v128.store64_lane(address + addressPlane * i, outputs, 0);
      v128.store64_lane(address + addressPlane * i + addressRow, outputs, 1);
    }
  }
  if (!whole) copyTile(part, to, plane, row, channels, destination.rows, destination.columns);
}

@inline
function finish(address: usize, shift: v128, bound: v128): void {
  v128.store(address, atLeast(f32x4.add(v128.load(address), shift), bound));
}

/** Copies the part of a tile that exists: in `from`, rows lie 16 and channels 64 bytes apart. */
function copyTile(from: usize, to: usize, plane: usize, row: usize, channels: i32, rows: i32, columns: i32): void {
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns << 2; x += 4) {
        f32.store(to + plane * channel + row * y + x, f32.load(from + (channel << 6) + (y << 4) + x));
      }
    }
  }
}
