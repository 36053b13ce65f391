/**
 * @file Pooling by softmax weights: SoftPool (logits βx) and importance pooling (logits given).
 *
 *   w = softmax(ℓ) over the window      y = Σ wᵢxᵢ
 *
 * Everything is measured from the window's largest logit m: exp(ℓᵢ − m) can't overflow, and xᵢ − y keeps its digits however far
 * the window lies from 0.
 */
import type { WindowGeometry } from '../windowGeometry.js';
import { windowSize } from '../windowGeometry.js';
import { allocate, at, generate, type ReferenceStorage } from './storage.js';
import { forEachWindow, inputLength, outputLength, store } from './windows.js';

/** A window's cells that aren't padding, with their weights, and the weighted mean of x. */
interface WeightedWindow {
  readonly output: number;
  readonly count: number;
  /** The cell with the largest logit. */
  readonly heaviest: number;
  readonly cells: Int32Array;
  readonly weights: Float64Array;
}

/** Visits every window with its softmax weights. The arrays are reused. */
function forEachWeighted(
  logits: ReferenceStorage,
  geometry: WindowGeometry,
  visit: (window: WeightedWindow) => void,
): void {
  const size = windowSize(geometry);
  const [inside, weights] = [new Int32Array(size), new Float64Array(size)];
  forEachWindow(geometry, (output, cells) => {
    let count = 0;
    let heaviest = -1;
    let max = Number.NEGATIVE_INFINITY;
    for (const cell of cells) {
      if (cell < 0) continue;
      inside[count++] = cell;
      const logit = at(logits.values, cell);
      if (logit > max || count === 1) heaviest = cell;
      max = Math.max(max, logit);
    }
    let total = 0;
    for (let k = 0; k < count; k++) {
      const weight = Math.exp(at(logits.values, at(inside, k)) - max);
      weights[k] = weight;
      total += weight;
    }
    for (let k = 0; k < count; k++) weights[k] = at(weights, k) / total;
    visit({ output, count, heaviest, cells: inside, weights });
  });
}

/** Σ wᵢ(xᵢ − origin): the mean's distance from the heaviest cell, which it is near to; another might lie 1e38 away. */
function meanFrom(origin: number, x: ReferenceStorage, { count, cells, weights }: WeightedWindow): number {
  let total = 0;
  for (let k = 0; k < count; k++) total += at(weights, k) * (at(x.values, at(cells, k)) - origin);
  return total;
}

export function importancePool(
  x: ReferenceStorage,
  logits: ReferenceStorage,
  geometry: WindowGeometry,
): ReferenceStorage {
  const out = allocate(outputLength(geometry), x.dtype);
  forEachWeighted(logits, geometry, (window) => {
    const origin = at(x.values, window.heaviest);
    out.values[window.output] = origin + meanFrom(origin, x, window);
  });
  return out;
}

export function importanceUnpool(
  cotangent: ReferenceStorage,
  logits: ReferenceStorage,
  geometry: WindowGeometry,
): ReferenceStorage {
  const grad = new Float64Array(inputLength(geometry));
  forEachWeighted(logits, geometry, ({ output, count, cells, weights }) => {
    const g = at(cotangent.values, output);
    for (let k = 0; k < count; k++) grad[at(cells, k)] = at(grad, at(cells, k)) + g * at(weights, k);
  });
  return store(grad, cotangent);
}

export function importanceLogitsGrad(
  cotangent: ReferenceStorage,
  x: ReferenceStorage,
  logits: ReferenceStorage,
  geometry: WindowGeometry,
): ReferenceStorage {
  const grad = new Float64Array(inputLength(geometry));
  forEachWeighted(logits, geometry, (window) => {
    const { output, count, cells, weights } = window;
    const g = at(cotangent.values, output);
    const origin = at(x.values, window.heaviest);
    const mean = meanFrom(origin, x, window);
    for (let k = 0; k < count; k++) {
      const cell = at(cells, k);
      grad[cell] = at(grad, cell) + g * at(weights, k) * (at(x.values, cell) - origin - mean);
    }
  });
  return store(grad, cotangent);
}

/** βx, in float64 so that no product of a finite float32 overflows. */
function scaled(x: ReferenceStorage, beta: number): ReferenceStorage {
  return generate(x.length, 'float64', (i) => beta * at(x.values, i));
}

export function softPool(x: ReferenceStorage, beta: number, geometry: WindowGeometry): ReferenceStorage {
  return importancePool(x, scaled(x, beta), geometry);
}

export function softPoolGrad(
  cotangent: ReferenceStorage,
  x: ReferenceStorage,
  beta: number,
  geometry: WindowGeometry,
): ReferenceStorage {
  const logits = scaled(x, beta);
  const throughValues = importanceUnpool(cotangent, logits, geometry);
  const throughWeights = importanceLogitsGrad(cotangent, x, logits, geometry);
  return generate(x.length, x.dtype, (i) => at(throughValues.values, i) + beta * at(throughWeights.values, i));
}
