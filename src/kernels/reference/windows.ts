/**
 * @file Walking over pooling windows, and the poolings that need nothing more: maximum, average, unfold and fold.
 */
import type { WindowGeometry } from '../windowGeometry.js';
import { windowSize } from '../windowGeometry.js';
import { allocate, at, type ReferenceStorage } from './storage.js';

/** One window: its output cell, and the input cells in it (−1 for a padded one), row-major. */
type Visit = (output: number, cells: Int32Array) => void;

/** Every window of every plane. The array of cells is reused. */
export function forEachWindow(geometry: WindowGeometry, visit: Visit): void {
  const { planes, input, output, kernel } = geometry;
  const cells = new Int32Array(windowSize(geometry));
  let index = 0;
  for (let plane = 0; plane < planes; plane++) {
    const base = plane * input[0] * input[1] * input[2];
    for (let d = 0; d < output[0]; d++) {
      for (let h = 0; h < output[1]; h++) {
        for (let w = 0; w < output[2]; w++) {
          let cell = 0;
          for (let kd = 0; kd < kernel[0]; kd++) {
            const depth = coordinate(geometry, 0, d, kd);
            for (let kh = 0; kh < kernel[1]; kh++) {
              const height = coordinate(geometry, 1, h, kh);
              for (let kw = 0; kw < kernel[2]; kw++) {
                const width = coordinate(geometry, 2, w, kw);
                const inside = depth >= 0 && height >= 0 && width >= 0;
                cells[cell++] = inside ? base + (depth * input[1] + height) * input[2] + width : -1;
              }
            }
          }
          visit(index++, cells);
        }
      }
    }
  }
}

/** Where cell k of window `position` lies on an axis; −1 in the padding. */
function coordinate(geometry: WindowGeometry, axis: 0 | 1 | 2, position: number, k: number): number {
  const at = position * geometry.stride[axis] - geometry.padding[axis] + k * geometry.dilation[axis];
  return at < geometry.input[axis] ? at : -1;
}

/** The cell of the window's first maximal key; a NaN is larger than everything. */
function firstMaximum(keys: ReferenceStorage, cells: Int32Array): number {
  let best = -1;
  for (const cell of cells) {
    if (cell < 0) continue;
    const [value, current] = [at(keys.values, cell), best < 0 ? Number.NEGATIVE_INFINITY : at(keys.values, best)];
    if (best < 0 || value > current || (Number.isNaN(value) && !Number.isNaN(current))) best = cell;
  }
  return best;
}

export function maxPool(values: ReferenceStorage, keys: ReferenceStorage, geometry: WindowGeometry): ReferenceStorage {
  const out = allocate(outputLength(geometry), values.dtype);
  forEachWindow(geometry, (o, cells) => {
    out.values[o] = at(values.values, firstMaximum(keys, cells));
  });
  return out;
}

export function maxUnpool(
  cotangent: ReferenceStorage,
  keys: ReferenceStorage,
  geometry: WindowGeometry,
): ReferenceStorage {
  const out = new Float64Array(keys.length);
  forEachWindow(geometry, (o, cells) => {
    const cell = firstMaximum(keys, cells);
    out[cell] = at(out, cell) + at(cotangent.values, o);
  });
  return store(out, cotangent);
}

/** How many cells an average divides by: those in the input, or those in the padded input. */
function divisor(geometry: WindowGeometry, output: number, cells: Int32Array, countIncludePad: boolean): number {
  if (!countIncludePad) return cells.reduce((count, cell) => count + (cell < 0 ? 0 : 1), 0);
  const [, height, width] = geometry.output;
  const position = [
    Math.floor(output / (width * height)) % geometry.output[0],
    Math.floor(output / width) % height,
    output % width,
  ];
  return ([0, 1, 2] as const).reduce<number>((product, axis) => {
    const start = at(position, axis) * geometry.stride[axis] - geometry.padding[axis];
    return product * Math.min(geometry.kernel[axis], geometry.input[axis] + geometry.padding[axis] - start);
  }, 1);
}

export function avgPool(x: ReferenceStorage, geometry: WindowGeometry, countIncludePad: boolean): ReferenceStorage {
  const out = allocate(outputLength(geometry), x.dtype);
  forEachWindow(geometry, (o, cells) => {
    let total = 0;
    for (const cell of cells) if (cell >= 0) total += at(x.values, cell);
    out.values[o] = total / divisor(geometry, o, cells, countIncludePad);
  });
  return out;
}

export function avgUnpool(
  cotangent: ReferenceStorage,
  geometry: WindowGeometry,
  countIncludePad: boolean,
): ReferenceStorage {
  const out = new Float64Array(inputLength(geometry));
  forEachWindow(geometry, (o, cells) => {
    const share = at(cotangent.values, o) / divisor(geometry, o, cells, countIncludePad);
    for (const cell of cells) if (cell >= 0) out[cell] = at(out, cell) + share;
  });
  return store(out, cotangent);
}

export function unfold(x: ReferenceStorage, geometry: WindowGeometry, padValue: number): ReferenceStorage {
  const size = windowSize(geometry);
  const out = allocate(outputLength(geometry) * size, x.dtype);
  forEachWindow(geometry, (o, cells) => {
    for (let k = 0; k < size; k++) {
      const cell = at(cells, k);
      out.values[o * size + k] = cell < 0 ? padValue : at(x.values, cell);
    }
  });
  return out;
}

export function fold(windows: ReferenceStorage, geometry: WindowGeometry): ReferenceStorage {
  const size = windowSize(geometry);
  const out = new Float64Array(inputLength(geometry));
  forEachWindow(geometry, (o, cells) => {
    for (let k = 0; k < size; k++) {
      const cell = at(cells, k);
      if (cell >= 0) out[cell] = at(out, cell) + at(windows.values, o * size + k);
    }
  });
  return store(out, windows);
}

export function inputLength({ planes, input }: WindowGeometry): number {
  return planes * input[0] * input[1] * input[2];
}

export function outputLength({ planes, output }: WindowGeometry): number {
  return planes * output[0] * output[1] * output[2];
}

/** Sums made in float64, stored in the dtype of `like`. */
export function store(values: Float64Array, like: ReferenceStorage): ReferenceStorage {
  const out = allocate(values.length, like.dtype);
  out.values.set(values);
  return out;
}
