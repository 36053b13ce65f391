/**
 * @file Winograd's convolution, 3×3 of stride 1, forward; also the input gradient, which is the same with rotated weights.
 *
 *   Y = Aᵀ [ Σ_ci (G g Gᵀ) ⊙ (Bᵀ d B) ] A      per tile and output channel; the sum is one matrix product per position
 *
 * Phases: `winogradTransformWeights` writes U = G g Gᵀ into the workspace, then `winogradForward` runs over the images.
 *
 *   workspace  U [positions, Cout/8, Cin, 8]
 *   scratch    band [rows, columns, Cin'] · V [positions, tiles, Cin'] · M [positions, tiles, Cout'] · targets [tiles] · vectors
 *              (Cin', Cout' rounded up to eights)
 */
import { ceilDivide, oddLines, paddedChannels, WinogradGeometry } from './winogradGeometry';
import { multiply, multiplyRows } from './winogradMultiply';
import { packBand, transformTile } from './winogradTiles';
import {
  InputTransform2, InputTransform4, OutputTransform2, OutputTransform4, sandwich, WeightTransform2, WeightTransform4,
} from './winogradTransforms';

/** Where the output of a tile goes, and how much of it lies inside the image. */
@unmanaged
class Target {
  output: usize;
  rows: i32;
  columns: i32;
}

/** Tiles per block: V and M together take about 384 KB, most of a second-level cache; multiples of 12 are whole register tiles. */
function blockTiles(g: WinogradGeometry): i32 {
  const bytesPerTile = g.positions * (paddedChannels(g.inChannels) + paddedChannels(g.outChannels)) * 4;
  return 24;
}

function tasksBands(g: WinogradGeometry): i32 {
  return ceilDivide(48, min(48, g.bandTileRows * g.tileColumns));
}

function bandBytes(g: WinogradGeometry): i32 {
  return (g.bandTileRows * g.tile + 2) * (g.tileColumns * g.tile + 2) * paddedChannels(g.inChannels) * 4;
}

function inputPosition(g: WinogradGeometry): usize {
  return oddLines(blockTiles(g) * paddedChannels(g.inChannels) * 4);
}

function outputPosition(g: WinogradGeometry): usize {
  return oddLines(blockTiles(g) * paddedChannels(g.outChannels) * 4);
}

/** Bytes of the transformed weights. */
export function winogradWorkspaceBytes(g: WinogradGeometry): i32 {
  return g.positions * paddedChannels(g.outChannels) * g.inChannels * 4;
}

/** Bytes of scratch per thread, for `winogradForward` and `winogradTransformWeights`. */
export function winogradScratchBytes(g: WinogradGeometry): i32 {
  return bandBytes(g) + <i32>(inputPosition(g) + outputPosition(g)) * g.positions + blockTiles(g) * 16 + 64 * 16;
}

export function winogradTransformWeightsTaskCount(g: WinogradGeometry): i32 {
  return paddedChannels(g.outChannels) / 8;
}

export function winogradForwardTaskCount(g: WinogradGeometry): i32 {
  return ceilDivide(g.bands, tasksBands(g));
}

/**
 * U = G g Gᵀ; a task is eight output channels.
 *
 * @param weights [Cout, Cin, 3, 3], or for the input gradient (`transposed`) the forward weights [Cin, Cout, 3, 3], to be rotated by 180°
 */
export function winogradTransformWeights(
  g: WinogradGeometry, weights: usize, transposed: bool, workspace: usize, scratch: usize, firstTask: i32, lastTask: i32,
): void {
  const cin = g.inChannels, cout = g.outChannels;
  const outStride = <usize>((transposed ? 1 : cin) * 36), inStride = <usize>((transposed ? cout : 1) * 36);
  const position = <usize>(paddedChannels(cout) * cin) << 2;
  for (let co = firstTask * 8; co < lastTask * 8; co += 4) {
    const panel = workspace + (<usize>(co >> 3) * cin * 32) + (co & 4) * 4;
    for (let ci = 0; ci < cin; ci++) {
      for (let lane = 0; lane < 4; lane++) {
        const source = weights + outStride * (co + lane) + inStride * ci;
        for (let tap = 0; tap < 9; tap++) {
          const value: f32 = co + lane < cout ? f32.load(source + ((transposed ? 8 - tap : tap) << 2)) : 0;
          f32.store(scratch + (tap << 4) + (lane << 2), value);
        }
      }
      const target = panel + ci * 32;
      if (g.tile == 4) sandwich<WeightTransform4>(scratch, 48, 16, target, position * 6, position, scratch + 144);
      else sandwich<WeightTransform2>(scratch, 48, 16, target, position * 4, position, scratch + 144);
    }
  }
}

/**
 * y = relu(x ∗ weights + bias) for a range of tasks.
 *
 * @param bias [Cout], or 0 for none
 * @param relu whether negative outputs become 0
 */
export function winogradForward(
  g: WinogradGeometry, x: usize, workspace: usize, bias: usize, relu: bool, y: usize, scratch: usize, firstTask: i32, lastTask: i32,
): void {
  const tile = g.tile, tileColumns = g.tileColumns, bandTileRows = g.bandTileRows, bandsPerImage = g.bandsPerImage;
  const pixel = <usize>paddedChannels(g.inChannels) << 2, columns = tileColumns * tile + 2, row = pixel * columns;
  const plane = <usize>(g.depth * g.height * g.width) << 2, outPlane = <usize>(g.depth * g.outHeight * g.outWidth) << 2;
  const position = inputPosition(g), capacity = blockTiles(g);
  const band = scratch, v = band + bandBytes(g), m = v + position * g.positions;
  const targets = m + outputPosition(g) * g.positions, vectors = targets + capacity * 16;

  const lastBand = min(g.bands, lastTask * tasksBands(g));
  let count = 0;
  for (let index = firstTask * tasksBands(g); index < lastBand; index++) {
    const image = index / bandsPerImage, firstRow = index % bandsPerImage * bandTileRows;
    const n = image / g.depth, d = image % g.depth;
    const source = x + plane * n * g.inChannels + (<usize>(d * g.height * g.width) << 2);
    const output = y + outPlane * n * g.outChannels + (<usize>(d * g.outHeight * g.outWidth) << 2);
    const tileRows = min(bandTileRows, g.tileRows - firstRow);
    packBand(
      source, plane, g.inChannels, g.height, g.width,
      firstRow * tile - g.paddingHeight, -g.paddingWidth, tileRows * tile + 2, columns, band, pixel,
    );
    for (let r = 0; r < tileRows; r++) {
      for (let column = 0; column < tileColumns; column++) {
        const first = band + row * (r * tile) + pixel * (column * tile), slot = v + pixel * count;
        if (tile == 4) transformTile<InputTransform4>(first, row, pixel, g.inChannels, slot, position, vectors);
        else transformTile<InputTransform2>(first, row, pixel, g.inChannels, slot, position, vectors);
        const outRow = (firstRow + r) * tile, outColumn = column * tile;
        const target = changetype<Target>(targets + count * 16);
        target.output = output + (<usize>(outRow * g.outWidth + outColumn) << 2);
        target.rows = g.outHeight - outRow;
        target.columns = g.outWidth - outColumn;
        if (++count == capacity) {
          finishBlock(g, count, v, workspace, m, targets, bias, relu, vectors);
          count = 0;
        }
      }
    }
  }
  finishBlock(g, count, v, workspace, m, targets, bias, relu, vectors);
}

/** Multiplies the gathered tiles with the weights, position by position, and writes their outputs. */
function finishBlock(
  g: WinogradGeometry, count: i32, v: usize, u: usize, m: usize, targets: usize, bias: usize, relu: bool, vectors: usize,
): void {
  const cin = g.inChannels, cout = g.outChannels;
  const inPixel = <usize>paddedChannels(cin) << 2, outPixel = <usize>paddedChannels(cout) << 2;
  const tile = g.tile, position = outputPosition(g);
  for (let p = 0; p < g.positions; p++) {
    multiply(
      count, paddedChannels(cout) / 8, cin, v + inputPosition(g) * p, inPixel, 4,
      u + outPixel * cin * p, <usize>cin * 32, 32, m + position * p, outPixel, false,
    );
  }
  const plane = <usize>(g.depth * g.outHeight * g.outWidth) << 2, row = <usize>g.outWidth << 2;
  const bound = f32x4.splat(relu ? 0 : -Infinity);
  // Eight tiles at a time, so that every cache line of the output is filled before the next channels evict it: the channels of an image
  // of a power-of-two size all fall into one set of the cache.
  for (let first = 0; first < count; first += 8) {
    for (let c = 0; c < cout; c += 4) {
      const shift = bias ? v128.load(bias + (<usize>c << 2)) : f32x4.splat(0);
      const last = min(first + 8, count);
      for (let i = first; i < last; i++) {
        writeTile(
          tile, changetype<Target>(targets + i * 16), m + outPixel * i + (<usize>c << 2), position, c, min(4, cout - c), plane, row,
          shift, bound, vectors,
        );
      }
    }
  }
}

/** Writes Aᵀ m A of one tile and up to four channels from `c` on: max(· + shift, bound). */
@inline
function writeTile(
  tile: i32, target: Target, products: usize, position: usize, c: i32, channels: i32, plane: usize, row: usize,
  shift: v128, bound: v128, vectors: usize,
): void {
  const output = target.output + plane * c;
  const whole = channels == 4 && target.rows >= tile && target.columns >= tile;
  // A tile that the border cuts goes through scratch.
  const to = whole ? output : vectors + 16 * 16, toPlane = whole ? plane : 64, toRow = whole ? row : 16;
  if (tile == 4) {
    sandwich<OutputTransform4>(products, position * 6, position, vectors, 64, 16, vectors + 16 * 24);
    storeTile4(vectors, shift, bound, to, toPlane, toRow);
  } else {
    sandwich<OutputTransform2>(products, position * 4, position, vectors, 32, 16, vectors + 16 * 24);
    storeTile2(vectors, shift, bound, to, toPlane, toRow);
  }
  if (!whole) copyTile(to, output, plane, row, channels, min(tile, target.rows), min(tile, target.columns));
}

@inline
function finish(value: v128, shift: v128, bound: v128): v128 {
  // pmax(a, b) = a < b ? b : a keeps a NaN in a.
  return f32x4.pmax(f32x4.add(value, shift), bound);
}

/** Writes 4×4 vectors of four channels as four tiles, one per channel. */
@inline
function storeTile4(vectors: usize, shift: v128, bound: v128, to: usize, plane: usize, row: usize): void {
  for (const end = vectors + 256; vectors < end; vectors += 64) {
    const a = finish(v128.load(vectors), shift, bound), b = finish(v128.load(vectors, 16), shift, bound);
    const c = finish(v128.load(vectors, 32), shift, bound), d = finish(v128.load(vectors, 48), shift, bound);
    const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7), cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(ab01, cd01, 0, 2));
    v128.store(to + plane, v128.shuffle<i64>(ab01, cd01, 1, 3));
    v128.store(to + plane * 2, v128.shuffle<i64>(ab23, cd23, 0, 2));
    v128.store(to + plane * 3, v128.shuffle<i64>(ab23, cd23, 1, 3));
    to += row;
  }
}

/** Writes 2×2 vectors of four channels as four tiles, one per channel. */
@inline
function storeTile2(vectors: usize, shift: v128, bound: v128, to: usize, plane: usize, row: usize): void {
  const a = finish(v128.load(vectors), shift, bound), b = finish(v128.load(vectors, 16), shift, bound);
  const c = finish(v128.load(vectors, 32), shift, bound), d = finish(v128.load(vectors, 48), shift, bound);
  const top01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), top23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const bottom01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5), bottom23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store64_lane(to, top01, 0);
  v128.store64_lane(to + row, bottom01, 0);
  v128.store64_lane(to + plane, top01, 1);
  v128.store64_lane(to + plane + row, bottom01, 1);
  v128.store64_lane(to + plane * 2, top23, 0);
  v128.store64_lane(to + plane * 2 + row, bottom23, 0);
  v128.store64_lane(to + plane * 3, top23, 1);
  v128.store64_lane(to + plane * 3 + row, bottom23, 1);
}

/** Copies the part of a tile that lies inside the image; in `from`, rows are 4 and channels 16 values long. */
function copyTile(from: usize, to: usize, plane: usize, row: usize, channels: i32, rows: i32, columns: i32): void {
  for (let c = 0; c < channels; c++) {
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < columns; i++) {
        f32.store(to + plane * c + row * r + (i << 2), f32.load(from + (c << 6) + (r << 4) + (i << 2)));
      }
    }
  }
}
