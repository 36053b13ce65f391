/**
 * @file From NCHW images to transformed tiles: channels-last bands, and T d Tᵀ of each tile with channels in lanes.
 */
import { sandwich } from './winogradTransforms';

/**
 * Copies rows × columns pixels of an image into channels-last layout [rows, columns, channels rounded up to 8], zeros outside the image.
 * The surplus channels hold arbitrary values.
 *
 * @param image first channel; channels lie `plane` bytes apart, each `height` × `width`
 * @param top, left the image's row and column that the first pixel shows; may be negative
 */
export function packBand(
  image: usize, plane: usize, channels: i32, height: i32, width: i32,
  top: i32, left: i32, rows: i32, columns: i32, band: usize, pixel: usize,
): void {
  const bandRow = pixel * columns;
  const firstColumn = max(0, -left), lastColumn = min(columns, width - left);
  for (let row = 0; row < rows; row++) {
    const y = top + row;
    if (y < 0 || y >= height || lastColumn <= firstColumn) {
      fillZero(band, bandRow);
    } else {
      fillZero(band, pixel * firstColumn);
      fillZero(band + pixel * lastColumn, pixel * (columns - lastColumn));
      const source = image + (<usize>(y * width + left + firstColumn) << 2);
      for (let c = 0; c < channels; c += 4) {
        const last = channels - 1;
        packRow(
          source + plane * c, source + plane * min(c + 1, last), source + plane * min(c + 2, last), source + plane * min(c + 3, last),
          lastColumn - firstColumn, band + pixel * firstColumn + (<usize>c << 2), pixel,
        );
      }
    }
    band += bandRow;
  }
}

function fillZero(start: usize, bytes: usize): void {
  for (let p = start; p < start + bytes; p += 16) v128.store(p, f32x4.splat(0));
}

/** Interleaves `count` values of four channels into the pixels at `target`; reads up to three values past their end. */
@inline
function packRow(channel0: usize, channel1: usize, channel2: usize, channel3: usize, count: i32, target: usize, pixel: usize): void {
  for (let i: usize = 0; <i32>i < count; i += 4) {
    const offset = i << 2;
    const a = v128.load(channel0 + offset), b = v128.load(channel1 + offset);
    const c = v128.load(channel2 + offset), d = v128.load(channel3 + offset);
    const ab01 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd01 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const ab23 = v128.shuffle<i32>(a, b, 2, 6, 3, 7), cd23 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(ab01, cd01, 0, 2));
    const left = count - <i32>i;
    if (left > 1) v128.store(target + pixel, v128.shuffle<i64>(ab01, cd01, 1, 3));
    if (left > 2) v128.store(target + pixel * 2, v128.shuffle<i64>(ab23, cd23, 0, 2));
    if (left > 3) v128.store(target + pixel * 3, v128.shuffle<i64>(ab23, cd23, 1, 3));
    target += pixel * 4;
  }
}

/**
 * Transforms all channels of one tile, T d Tᵀ, and spreads the positions of the result `position` bytes apart.
 *
 * @param tile its first pixel; pixels lie `pixel`, rows `row` bytes apart
 */
@inline
export function transformTile<T>(tile: usize, row: usize, pixel: usize, channels: i32, target: usize, position: usize, scratch: usize): void {
  const positionRow = position * changetype<T>(0).outputs();
  for (let c = 0; c < channels; c += 4) {
    sandwich<T>(tile, row, pixel, target, positionRow, position, scratch);
    tile += 16;
    target += 16;
  }
}
