/**
 * @file The weight gradient of a 3×3 convolution of stride 1: the transpose of Winograd's forward pass with respect to the weights.
 *
 *   dg = Gᵀ [ Σ_tiles (A dY Aᵀ) ⊙ (Bᵀ d B) ] G      per pair of channels; the sum is one matrix product per position
 *
 * Phases: `winogradWeightGrad` leaves one partial sum per partition of the images in the workspace, `winogradWeightGradCombine` adds
 * them in order. Partitions depend on the geometry alone, so the result has the same bits for any number of threads.
 *
 *   task       one partition × up to 64 output channels × up to 64 input channels
 *   workspace  partial gradients [partitions, 9, Cout, Cin']      (Cin' rounded up to eights)
 *   scratch    band of x · band of dY · V [positions, tiles, Cin'] · D [positions, tiles, Cout'] · M [positions, Cout', Cin'] · vectors
 */
import { ceilDivide, oddLines, paddedChannels, WinogradGeometry } from './winogradGeometry';
import { multiply } from './winogradMultiply';
import { packBand, transformTile } from './winogradTiles';
import {
  CotangentTransform2, CotangentTransform4, InputTransform2, InputTransform4, sandwich, WeightGradTransform2, WeightGradTransform4,
} from './winogradTransforms';

/** Channels per task, in and out: the sums of 36 positions × 64 × 64 channels, 590 KB, just stay in a second-level cache. */
const CHANNELS = 64;

/** Tiles per block: V and D together take about 384 KB. */
function blockTiles(g: WinogradGeometry): i32 {
  const channels = paddedChannels(min(CHANNELS, g.inChannels)) + paddedChannels(min(CHANNELS, g.outChannels));
  return max(24, min(96, 393216 / (g.positions * channels * 4) / 4 * 4));
}

function inBlocks(g: WinogradGeometry): i32 {
  return ceilDivide(g.inChannels, CHANNELS);
}

function channelBlocks(g: WinogradGeometry): i32 {
  return inBlocks(g) * ceilDivide(g.outChannels, CHANNELS);
}

/** Partial sums: enough for 16 tasks, with at least 64 tiles each to pay for its output transform. */
function partitions(g: WinogradGeometry): i32 {
  const tiles = g.batch * g.depth * g.tileRows * g.tileColumns;
  return max(1, min(min(g.bands, tiles / 64), ceilDivide(16, channelBlocks(g))));
}

function inBandBytes(g: WinogradGeometry): i32 {
  return (g.bandTileRows * g.tile + 2) * (g.tileColumns * g.tile + 2) * paddedChannels(min(CHANNELS, g.inChannels)) * 4;
}

function outBandBytes(g: WinogradGeometry): i32 {
  return g.bandTileRows * g.tile * g.tileColumns * g.tile * paddedChannels(min(CHANNELS, g.outChannels)) * 4;
}

function inputPosition(g: WinogradGeometry): usize {
  return oddLines(blockTiles(g) * paddedChannels(min(CHANNELS, g.inChannels)) * 4);
}

function cotangentPosition(g: WinogradGeometry): usize {
  return oddLines(blockTiles(g) * paddedChannels(min(CHANNELS, g.outChannels)) * 4);
}

/** Two rows more than channels: register tiles of 6 rows overhang 64 by that much. */
function sumPosition(g: WinogradGeometry): usize {
  return oddLines((paddedChannels(min(CHANNELS, g.outChannels)) + 4) * paddedChannels(min(CHANNELS, g.inChannels)) * 4);
}

export function winogradWeightGradWorkspaceBytes(g: WinogradGeometry): i32 {
  return partitions(g) * 9 * g.outChannels * paddedChannels(g.inChannels) * 4;
}

export function winogradWeightGradScratchBytes(g: WinogradGeometry): i32 {
  const positions = <i32>(inputPosition(g) + cotangentPosition(g) + sumPosition(g)) * g.positions;
  return inBandBytes(g) + outBandBytes(g) + positions + 40 * 16;
}

export function winogradWeightGradTaskCount(g: WinogradGeometry): i32 {
  return partitions(g) * channelBlocks(g);
}

export function winogradWeightGradCombineTaskCount(g: WinogradGeometry): i32 {
  return g.outChannels;
}

/** Partial sums of the gradient by the weights, for x [N, Cin, D, H, W] and dY [N, Cout, D, H', W']. */
export function winogradWeightGrad(
  g: WinogradGeometry, x: usize, dY: usize, workspace: usize, scratch: usize, firstTask: i32, lastTask: i32,
): void {
  const blocks = channelBlocks(g), parts = partitions(g);
  for (let task = firstTask; task < lastTask; task++) {
    const block = task % blocks, part = task / blocks;
    const firstIn = block % inBlocks(g) * CHANNELS, firstOut = block / inBlocks(g) * CHANNELS;
    partialGrad(
      g, x, dY, workspace + <usize>part * (9 * g.outChannels * paddedChannels(g.inChannels) * 4), scratch,
      firstIn, min(CHANNELS, g.inChannels - firstIn), firstOut, min(CHANNELS, g.outChannels - firstOut),
      part * g.bands / parts, (part + 1) * g.bands / parts,
    );
  }
}

/** The gradient by the weights of a block of channels, summed over a range of bands. */
function partialGrad(
  g: WinogradGeometry, x: usize, dY: usize, partial: usize, scratch: usize,
  firstIn: i32, inChannels: i32, firstOut: i32, outChannels: i32, firstBand: i32, lastBand: i32,
): void {
  const tile = g.tile, tileColumns = g.tileColumns, bandTileRows = g.bandTileRows, bandsPerImage = g.bandsPerImage;
  const inPixel = <usize>paddedChannels(inChannels) << 2, inColumns = tileColumns * tile + 2, inRow = inPixel * inColumns;
  const outPixel = <usize>paddedChannels(outChannels) << 2, outColumns = tileColumns * tile, outRow = outPixel * outColumns;
  const inPlane = <usize>(g.depth * g.height * g.width) << 2, outPlane = <usize>(g.depth * g.outHeight * g.outWidth) << 2;
  const inPosition = inputPosition(g), outPosition = cotangentPosition(g), capacity = blockTiles(g);
  const inBand = scratch, outBand = inBand + inBandBytes(g), v = outBand + outBandBytes(g), c = v + inPosition * g.positions;
  const sums = c + outPosition * g.positions, vectors = sums + sumPosition(g) * g.positions;

  let count = 0, accumulate = false;
  for (let index = firstBand; index < lastBand; index++) {
    const image = index / bandsPerImage, firstRow = index % bandsPerImage * bandTileRows;
    const n = image / g.depth, d = image % g.depth;
    const tileRows = min(bandTileRows, g.tileRows - firstRow), top = firstRow * tile;
    packBand(
      x + inPlane * (n * g.inChannels + firstIn) + (<usize>(d * g.height * g.width) << 2), inPlane, inChannels, g.height, g.width,
      top - g.paddingHeight, -g.paddingWidth, tileRows * tile + 2, inColumns, inBand, inPixel,
    );
    packBand(
      dY + outPlane * (n * g.outChannels + firstOut) + (<usize>(d * g.outHeight * g.outWidth) << 2), outPlane, outChannels,
      g.outHeight, g.outWidth, top, 0, tileRows * tile, outColumns, outBand, outPixel,
    );
    for (let r = 0; r < tileRows; r++) {
      for (let column = 0; column < tileColumns; column++) {
        const inTile = inBand + inRow * (r * tile) + inPixel * (column * tile), inSlot = v + inPixel * count;
        const outTile = outBand + outRow * (r * tile) + outPixel * (column * tile), outSlot = c + outPixel * count;
        if (tile == 4) {
          transformTile<InputTransform4>(inTile, inRow, inPixel, inChannels, inSlot, inPosition, vectors);
          transformTile<CotangentTransform4>(outTile, outRow, outPixel, outChannels, outSlot, outPosition, vectors);
        } else {
          transformTile<InputTransform2>(inTile, inRow, inPixel, inChannels, inSlot, inPosition, vectors);
          transformTile<CotangentTransform2>(outTile, outRow, outPixel, outChannels, outSlot, outPosition, vectors);
        }
        if (++count == capacity) {
          addProducts(g, count, v, inChannels, c, outChannels, sums, accumulate);
          count = 0;
          accumulate = true;
        }
      }
    }
  }
  if (count > 0) addProducts(g, count, v, inChannels, c, outChannels, sums, accumulate);
  finishSums(g, sums, inChannels, outChannels, partial + (<usize>(firstOut * paddedChannels(g.inChannels) + firstIn) << 2), vectors);
}

/** M[position] (+)= D[position]ᵀ V[position]. */
function addProducts(
  g: WinogradGeometry, count: i32, v: usize, inChannels: i32, c: usize, outChannels: i32, sums: usize, accumulate: bool,
): void {
  const inPixel = <usize>paddedChannels(inChannels) << 2, outPixel = <usize>paddedChannels(outChannels) << 2;
  for (let p = 0; p < g.positions; p++) {
    multiply(
      outChannels, paddedChannels(inChannels) / 8, count, c + cotangentPosition(g) * p, 4, outPixel,
      v + inputPosition(g) * p, 32, inPixel, sums + sumPosition(g) * p, inPixel, accumulate,
    );
  }
}

/** Gᵀ M G of every pair of channels into [9, Cout, Cin']. */
function finishSums(g: WinogradGeometry, sums: usize, inChannels: i32, outChannels: i32, partial: usize, vectors: usize): void {
  const tile = g.tile, position = sumPosition(g), inPixel = <usize>paddedChannels(inChannels) << 2;
  const row = <usize>paddedChannels(g.inChannels) << 2, tap = row * g.outChannels;
  for (let co = 0; co < outChannels; co++) {
    for (let ci = 0; ci < inChannels; ci += 4) {
      const sum = sums + inPixel * co + (<usize>ci << 2), target = partial + row * co + (<usize>ci << 2);
      if (tile == 4) sandwich<WeightGradTransform4>(sum, position * 6, position, target, tap * 3, tap, vectors);
      else sandwich<WeightGradTransform2>(sum, position * 4, position, target, tap * 3, tap, vectors);
    }
  }
}

/** dW [Cout, Cin, 3, 3]: the sum of the partial gradients, in order; a task is an output channel. */
export function winogradWeightGradCombine(g: WinogradGeometry, workspace: usize, dW: usize, firstTask: i32, lastTask: i32): void {
  const cin = g.inChannels, parts = partitions(g);
  const row = <usize>paddedChannels(cin) << 2, tap = row * g.outChannels, partial = tap * 9;
  for (let co = firstTask; co < lastTask; co++) {
    for (let ci = 0; ci < cin; ci += 4) {
      const target = dW + <usize>(co * cin + ci) * 36;
      for (let k: usize = 0; k < 9; k++) {
        let source = workspace + tap * k + row * co + (<usize>ci << 2);
        let sum = v128.load(source);
        for (let part = 1; part < parts; part++) {
          source += partial;
          sum = f32x4.add(sum, v128.load(source));
        }
        v128.store32_lane(target + k * 4, sum, 0);
        if (ci + 1 < cin) v128.store32_lane(target + k * 4, sum, 1, 36);
        if (ci + 2 < cin) v128.store32_lane(target + k * 4, sum, 2, 72);
        if (ci + 3 < cin) v128.store32_lane(target + k * 4, sum, 3, 108);
      }
    }
  }
}
