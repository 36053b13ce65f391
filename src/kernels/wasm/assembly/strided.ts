/**
 * @file Walks over strided storages: from an index to an offset.
 *
 * An axis list in memory is MAX_RANK i32 values, outermost first, padded in front with size 1 (and stride 0). Strides and
 * offsets count floats; strides may be 0 or negative.
 */
export const MAX_RANK: i32 = 8;

/** Bytes of one axis list. */
export const AXES_BYTES: usize = 32;

@inline
export function axis(list: usize, index: i32): i32 {
  return load<i32>(list + (<usize>index << 2));
}

/** Returns the size of the innermost axis. */
@inline
export function innerSize(shape: usize): i32 {
  return axis(shape, MAX_RANK - 1);
}

/** Returns the number of cells. */
export function cellCount(shape: usize): i32 {
  let count = 1;
  for (let i = 0; i < MAX_RANK; i++) count *= axis(shape, i);
  return count;
}

/** Returns Σ indexₐ strideₐ of row `row`, the row-major index over all axes but the innermost. */
export function rowOffset(shape: usize, strides: usize, row: i32): i32 {
  let offset = 0;
  for (let i = MAX_RANK - 2; row > 0; i--) {
    const size = axis(shape, i);
    const next = row / size;
    offset += (row - next * size) * axis(strides, i);
    row = next;
  }
  return offset;
}
