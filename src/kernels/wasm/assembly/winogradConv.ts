/**
 * @file Winograd's convolution: 1×3×3, stride 1, forward and input gradient (Lavin and Gray, CVPR 2016).
 *
 *   y = Aᵀ [ Σ_i (G g Gᵀ) ⊙ (Bᵀ d B) ] A      per tile and output channel; the sum is a matrix product per position
 *
 * The input gradient is the same with the cotangent for x and the weights rotated by 180°, channels swapped. See
 * winogradSandwich.ts for the matrices, winogradPlan.ts for tiles, bands and blocks.
 *
 * Phases, here for the forward pass; those of the input gradient are named winogradInputGrad…
 *   winogradForwardPlan(geometry, plan)    plan: `winogradForwardPlanBytes(geometry)` bytes
 *   winogradForwardPrepare(plan, weight, bias, workspace, …)   a task transforms the weights of 8 target channels
 *   winogradForward(plan, x, relu, y, workspace, scratch, …)   a task computes some bands
 *
 *   workspace  bias [Cout'] · U = G g Gᵀ [positions, Cout'/8, Cin, 8] · vectors of the tasks
 *   scratch    band [rows, columns, Cin'] · V = Bᵀ d B [positions, tiles, Cin'] · M [positions, tiles, Cout'] ·
 *              destinations · vectors
 *
 * where ' means rounded up to eights. A NaN or infinity makes all outputs of the tiles that read it NaN or infinite.
 */
import { alignBytes, ceilDiv } from './plan';
import { multiply } from './winogradMultiply';
import { Destination, TILE_VECTORS, writeTiles } from './winogradOutputs';
import { planTiles, WinogradGeometry, WinogradPlan } from './winogradPlan';
import { packBand, transformInputs } from './winogradTiles';
import { transformWeights, WEIGHT_VECTORS } from './winogradWeights';

/**
 * Tiles of a block: whole register tiles, few enough for V and M of 16 channels to stay in the first-level, of 64
 * channels in the second-level cache. Measured: 12 and 48 are no faster, 96 is 5 % slower at 16 channels.
 */
const BLOCK: i32 = 24;

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

export function winogradInputGradPrepare(
  plan: usize,
  weight: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
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
        transformInputs(tile, first, row, pixel, channels, slot, position, vectors);
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
  writeTiles(plan, count, m, workspace, destinations, floor, vectors);
}
