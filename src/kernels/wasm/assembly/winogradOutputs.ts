/**
 * @file The outputs of Winograd's convolution: Aᵀ M A of every tile, biased, bounded, and put where it belongs.
 */
import { atLeast, interleaveHigh, interleaveLow } from './lanes';
import { storeColumns } from './simd';
import { WinogradPlan } from './winogradPlan';
import { at, sandwich } from './winogradSandwich';
import { firstOutput2, secondOutput2 } from './winogradTransforms2';
import { OutputTransform4 } from './winogradTransforms4';

/** Vectors to work on: 16 outputs, a tile that the border cuts, then those of `sandwich`. */
export const TILE_VECTORS: i32 = 16 + 16 + 36;

/** Where the outputs of a tile go, and how many rows and columns of them exist. */
@unmanaged
export class Destination {
  address: usize;
  rows: i32;
  columns: i32;
}

/** Writes max(Aᵀ M A + bias, floor) of `count` tiles, all channels; M [positions, tiles, channels'] begins at `m`. */
export function writeTiles(
  plan: WinogradPlan,
  count: i32,
  m: usize,
  bias: usize,
  destinations: usize,
  floor: f32,
  vectors: usize,
): void {
  const channels = plan.targetChannels;
  const pixel = <usize>plan.targetPixel;
  const position = <usize>plan.targetPosition;
  const tile = plan.tile;
  const row = <usize>plan.targetWidth << 2;
  const plane = plan.targetPlane;
  const bound = f32x4.splat(floor);
  // A cache line's worth of neighbouring tiles before the next channels: planes of a power-of-two size share one set of
  // the cache and would evict each other's half-written lines.
  for (let first = 0; first < count; first += 8) {
    const last = min(first + 8, count);
    for (let channel = 0; channel < channels; channel += 4) {
      const shift = v128.load(bias + (channel << 2));
      for (let i = first; i < last; i++) {
        const destination = changetype<Destination>(destinations + i * offsetof<Destination>());
        writeTile(
          tile, m + pixel * i + (channel << 2), position, shift, bound, destination, plane * channel, plane, row,
          min(4, channels - channel), vectors,
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
  if (tile == 4) writeTile4(products, position, shift, bound, address, addressPlane, addressRow, vectors);
  else writeTile2(products, position, shift, bound, address, addressPlane, addressRow);
  if (!whole) copyTile(part, to, plane, row, channels, destination.rows, destination.columns);
}

@inline
function writeTile4(
  products: usize,
  position: usize,
  shift: v128,
  bound: v128,
  address: usize,
  plane: usize,
  row: usize,
  vectors: usize,
): void {
  sandwich<OutputTransform4>(products, position * 6, position, vectors, 64, 16, vectors + 32 * 16);
  for (const end = vectors + 256; vectors < end; vectors += 64) {
    storeColumns(
      finish(v128.load(vectors), shift, bound), finish(v128.load(vectors, 16), shift, bound),
      finish(v128.load(vectors, 32), shift, bound), finish(v128.load(vectors, 48), shift, bound), address, plane,
    );
    address += row;
  }
}

/** The same for a tile of 2×2: Aᵀ M column by column, then its rows times A. */
@inline
function writeTile2(
  products: usize,
  position: usize,
  shift: v128,
  bound: v128,
  address: usize,
  plane: usize,
  row: usize,
): void {
  const m0 = products, m1 = m0 + position, m2 = m1 + position, m3 = m2 + position;
  const down = position * 4;
  let x1 = at(m0, down, 1), x2 = at(m0, down, 2);
  const top0 = firstOutput2(at(m0, down, 0), x1, x2), bottom0 = secondOutput2(x1, x2, at(m0, down, 3));
  x1 = at(m1, down, 1), x2 = at(m1, down, 2);
  const top1 = firstOutput2(at(m1, down, 0), x1, x2), bottom1 = secondOutput2(x1, x2, at(m1, down, 3));
  x1 = at(m2, down, 1), x2 = at(m2, down, 2);
  const top2 = firstOutput2(at(m2, down, 0), x1, x2), bottom2 = secondOutput2(x1, x2, at(m2, down, 3));
  x1 = at(m3, down, 1), x2 = at(m3, down, 2);
  const top3 = firstOutput2(at(m3, down, 0), x1, x2), bottom3 = secondOutput2(x1, x2, at(m3, down, 3));
  const topLeft = finish(firstOutput2(top0, top1, top2), shift, bound);
  const topRight = finish(secondOutput2(top1, top2, top3), shift, bound);
  storePairs(topLeft, topRight, address, plane);
  const bottomLeft = finish(firstOutput2(bottom0, bottom1, bottom2), shift, bound);
  const bottomRight = finish(secondOutput2(bottom1, bottom2, bottom3), shift, bound);
  storePairs(bottomLeft, bottomRight, address + row, plane);
}

/** Stores two neighbouring outputs of four channels. */
@inline
function storePairs(left: v128, right: v128, address: usize, plane: usize): void {
  const low = interleaveLow(left, right), high = interleaveHigh(left, right);
  v128.store64_lane(address, low, 0);
  v128.store64_lane(address + plane, low, 1);
  v128.store64_lane(address + plane * 2, high, 0);
  v128.store64_lane(address + plane * 3, high, 1);
}

@inline
function finish(output: v128, shift: v128, bound: v128): v128 {
  return atLeast(f32x4.add(output, shift), bound);
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
