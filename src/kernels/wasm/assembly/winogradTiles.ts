/**
 * @file From images [C, H, W] to transformed tiles: a copy with the channels last, then T d Tᵀ with channels in lanes.
 */
import { transpose4 } from './simd';
import { sandwich } from './winogradSandwich';
import { inputTransform2 } from './winogradTransforms2';
import { InputTransform4 } from './winogradTransforms4';

/**
 * Copies rows × columns pixels of an image into [rows, columns, channels], zeros where they lie outside.
 *
 * @param image its first channel; channels lie `plane` bytes apart
 * @param top, left row and column of the image that the first pixel shows
 * @param pixel bytes of a pixel
 */
export function packBand(
  image: usize,
  plane: usize,
  channels: i32,
  height: i32,
  width: i32,
  top: i32,
  left: i32,
  rows: i32,
  columns: i32,
  band: usize,
  pixel: usize,
): void {
  const first = max(0, -left);
  const last = min(columns, width - left);
  const bandRow = pixel * columns;
  for (let row = top; row < top + rows; row++) {
    if (row < 0 || row >= height || last <= first) {
      fillZeros(band, bandRow);
    } else {
      fillZeros(band, pixel * first);
      const source = image + (<usize>(row * width + left + first) << 2);
      packRow(source, plane, channels, last - first, band + pixel * first, pixel);
      fillZeros(band + pixel * last, pixel * (columns - last));
    }
    band += bandRow;
  }
}

@inline
function fillZeros(start: usize, bytes: usize): void {
  for (let p = start; p < start + bytes; p += 16) v128.store(p, f32x4.splat(0));
}

/** Interleaves `count` values of each channel. */
@inline
function packRow(source: usize, plane: usize, channels: i32, count: i32, target: usize, pixel: usize): void {
  for (let channel = 0; channel < channels; channel += 4) {
    let from = source + plane * channel;
    let to = target + (channel << 2);
    const end = from + (<usize>count << 2);
    if (channel + 4 <= channels) {
      for (; from + 16 <= end; from += 16) {
        transpose4(from, plane, to, pixel);
        to += pixel * 4;
      }
    }
    const lanes = min(4, channels - channel) << 2;
    for (; from < end; from += 4) {
      for (let lane = 0; lane < lanes; lane += 4) f32.store(to + lane, f32.load(from + plane * (lane >> 2)));
      to += pixel;
    }
  }
}

/**
 * V = Bᵀ d B of one tile of m×m outputs, all channels, its positions `position` bytes apart. Surplus channels, where
 * they are no multiple of four, come out arbitrary.
 *
 * @param tile its first pixel; rows of pixels lie `row` bytes apart
 */
@inline
export function transformInputs(
  m: i32,
  tile: usize,
  row: usize,
  pixel: usize,
  channels: i32,
  target: usize,
  position: usize,
  vectors: usize,
): void {
  if (m == 4) transformTile<InputTransform4>(tile, row, pixel, channels, target, position, vectors);
  else {
    for (let byte: usize = 0; byte < <usize>channels << 2; byte += 16) {
      inputTransform2(tile + byte, row, pixel, target + byte, position * 4, position);
    }
  }
}

/** T d Tᵀ of one tile, likewise. */
@inline
export function transformTile<T>(
  tile: usize,
  row: usize,
  pixel: usize,
  channels: i32,
  target: usize,
  position: usize,
  vectors: usize,
): void {
  const positionRow = position * changetype<T>(0).outputs();
  for (let byte: usize = 0; byte < <usize>channels << 2; byte += 16) {
    sandwich<T>(tile + byte, row, pixel, target + byte, positionRow, position, vectors);
  }
}
