/**
 * @file Moves without arithmetic.
 *
 *   fill(y, length, value, firstTask, lastTask)                    elementTasks(length) tasks
 *   gatherStrided(x, y, layout, offset, firstTask, lastTask)       elementTasks(cells of the layout) tasks
 *   scatterStrided(x, y, layout, offset, firstTask, lastTask)      the same; y is filled (with 0) before
 *   concat(part, y, inner, outInner, start, firstTask, lastTask)   one task per outer index; one call per part
 *
 * `layout` is two axis lists (see strided.ts): shape, strides; 64 bytes. gather: y[i] = x[offset + Σ indexₐ strideₐ];
 * scatter: y[offset + Σ indexₐ strideₐ] = x[i], all cells distinct. Offsets and strides count floats.
 * concat copies `part` [outer, inner] to the columns start … start + inner of y [outer, outInner].
 */
import { ELEMENTS_PER_TASK, fillRun, loadStrided } from './lanes';
import { axis, AXES_BYTES, cellCount, innerSize, MAX_RANK, rowOffset } from './strided';

export function fill(y: usize, length: i32, value: f32, firstTask: i32, lastTask: i32): void {
  const first = firstTask * ELEMENTS_PER_TASK;
  fillRun(y + (<usize>first << 2), value, min(lastTask * ELEMENTS_PER_TASK, length) - first);
}

/** Copies `count` floats that lie `stride` floats apart. */
function gatherRun(x: usize, stride: i32, y: usize, count: i32): void {
  if (stride == 1) {
    memory.copy(y, x, <usize>count << 2);
    return;
  }
  if (stride == 0) {
    fillRun(y, load<f32>(x), count);
    return;
  }
  const step = <usize>(stride << 2);
  for (; count >= 4; count -= 4) {
    v128.store(y, loadStrided(x, stride));
    x += step << 2;
    y += 16;
  }
  for (; count > 0; count--) {
    store<f32>(y, load<f32>(x));
    x += step;
    y += 4;
  }
}

/** Spreads `count` floats to places `stride` floats apart. */
function scatterRun(x: usize, y: usize, stride: i32, count: i32): void {
  if (stride == 1) {
    memory.copy(y, x, <usize>count << 2);
    return;
  }
  const step = <usize>(stride << 2);
  for (; count > 0; count--) {
    store<f32>(y, load<f32>(x));
    x += 4;
    y += step;
  }
}

export function gatherStrided(x: usize, y: usize, layout: usize, offset: i32, firstTask: i32, lastTask: i32): void {
  let first = firstTask * ELEMENTS_PER_TASK;
  const end = min(lastTask * ELEMENTS_PER_TASK, cellCount(layout));
  const strides = layout + AXES_BYTES;
  const inner = innerSize(layout);
  const stride = axis(strides, MAX_RANK - 1);
  while (first < end) {
    const row = first / inner;
    const column = first - row * inner;
    const count = min(inner - column, end - first);
    const from = offset + rowOffset(layout, strides, row) + column * stride;
    gatherRun(x + (<usize>from << 2), stride, y + (<usize>first << 2), count);
    first += count;
  }
}

export function scatterStrided(x: usize, y: usize, layout: usize, offset: i32, firstTask: i32, lastTask: i32): void {
  let first = firstTask * ELEMENTS_PER_TASK;
  const end = min(lastTask * ELEMENTS_PER_TASK, cellCount(layout));
  const strides = layout + AXES_BYTES;
  const inner = innerSize(layout);
  const stride = axis(strides, MAX_RANK - 1);
  while (first < end) {
    const row = first / inner;
    const column = first - row * inner;
    const count = min(inner - column, end - first);
    const to = offset + rowOffset(layout, strides, row) + column * stride;
    scatterRun(x + (<usize>first << 2), y + (<usize>to << 2), stride, count);
    first += count;
  }
}

export function concat(
  part: usize,
  y: usize,
  inner: i32,
  outInner: i32,
  start: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const bytes = <usize>inner << 2;
  for (let outer = firstTask; outer < lastTask; outer++) {
    memory.copy(y + (<usize>(outer * outInner + start) << 2), part + <usize>outer * bytes, bytes);
  }
}
