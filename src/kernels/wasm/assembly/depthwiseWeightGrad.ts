/**
 * @file The weight gradient of a depthwise convolution by windows of 1×3×3 (see depthwise.ts for the geometries).
 *
 *   ∂w[c, t] = Σ_{n, p} ∂y[n, c, p] · x[n, c, p + t − padding]
 *
 * Phases as in convWeightGrad.ts. Positions run along the lanes. A task sums one part of a fixed partition of all (image,
 * depth, band), for some channels, into the workspace as [part][channel][tap][4 lanes]; the last phase adds up parts and lanes.
 */
import { WANTED_TASKS } from './convBlocks';
import { ConvGeometry } from './convGeometry';
import { copyBand, copyRows, DepthwisePlan, planBands, TAPS } from './depthwisePlan';
import { firstLanes, sumLanes } from './lanes';
import { ceilDiv } from './plan';
import { madd } from './simd';

const SUM_BYTES: i32 = TAPS * 16;

/** Bytes of partial sums beyond which the batch is cut into fewer parts. */
const PARTIAL_BYTES: i32 = 4 << 20;

export function depthwiseWeightGradPlanBytes(_geometry: usize): i32 {
  return offsetof<DepthwisePlan>();
}

export function depthwiseWeightGradPlan(geometry: usize, plan: usize): void {
  const grad = changetype<DepthwisePlan>(plan);
  planBands(grad, changetype<ConvGeometry>(geometry), false);
  grad.parts = max(1, min(min(items(grad), WANTED_TASKS), PARTIAL_BYTES / (grad.channels * SUM_BYTES)));
  grad.chunks = min(grad.channels, ceilDiv(WANTED_TASKS, grad.parts));
  grad.prepareTasks = 0;
  grad.tasks = grad.parts * grad.chunks;
  grad.finishTasks = grad.channels;
  grad.workspaceBytes = grad.parts * grad.channels * SUM_BYTES;
  grad.scratchBytes = grad.copyBytes * 2;
}

/** The bands of one channel in all images. */
@inline
function items(plan: DepthwisePlan): i32 {
  return plan.batch * plan.depth * plan.bands;
}

/** Sums; a task is (part, chunk of channels). It goes through its part as it lies in memory, all channels of an image in turn. */
export function depthwiseWeightGrad(
  plan: usize,
  x: usize,
  cotangent: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const grad = changetype<DepthwisePlan>(plan);
  const channels = grad.channels;
  const slices = grad.depth * grad.bands;
  memory.fill(scratch, 0, grad.scratchBytes);
  for (let task = firstTask; task < lastTask; task++) {
    const part = task / grad.chunks;
    const firstChannel = cut(channels, task % grad.chunks, grad.chunks);
    const lastChannel = cut(channels, (task % grad.chunks) + 1, grad.chunks);
    const sums = workspace + <usize>(part * channels * SUM_BYTES);
    memory.fill(sums + <usize>(firstChannel * SUM_BYTES), 0, (lastChannel - firstChannel) * SUM_BYTES);
    const lastItem = cut(items(grad), part + 1, grad.parts);
    for (let item = cut(items(grad), part, grad.parts); item < lastItem; ) {
      const image = item / slices;
      const end = min(lastItem, (image + 1) * slices);
      for (let channel = firstChannel; channel < lastChannel; channel++) {
        for (let slice = item - image * slices; slice < end - image * slices; slice++) {
          const plane = (image * channels + channel) * grad.depth + slice / grad.bands;
          addBand(grad, x, cotangent, plane, (slice % grad.bands) * grad.band, scratch, sums + <usize>(channel * SUM_BYTES));
        }
      }
      item = end;
    }
  }
}

/** Where the part numbered `part` of `parts` begins. */
@inline
function cut(count: i32, part: i32, parts: i32): i32 {
  return <i32>((<i64>count * part) / parts);
}

/**
 * Adds a band onto a channel's sums. The cotangents are copied, too: memory is read fastest row by row, and they are needed
 * column by column.
 */
function addBand(
  plan: DepthwisePlan,
  x: usize,
  cotangent: usize,
  plane: i32,
  first: i32,
  copy: usize,
  sums: usize,
): void {
  const rows = plan.rowsFrom(first);
  const width = plan.targetWidth;
  const pitch = <usize>plan.pitch;
  copyBand(plan, x, plane, first, plan.bands > 1, copy);
  const factors = copy + <usize>plan.copyBytes;
  copyRows(cotangent + plan.targetRow(plane, first), width, rows, factors, pitch);
  const whole = <usize>(width & ~3) << 2;
  const rest = width & 3;
  for (let column: usize = 0; column < whole; column += 16) {
    addColumn(copy + column, factors + column, pitch, rows, sums);
  }
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < 3; t++) {
      const inColumns = t < 2 && row + t > 0 && row + t < rows;
      if (inColumns && !rest) continue;
      const start = inColumns ? whole : 0;
      addRow(copy + pitch * (row + t) + start, factors + pitch * row + start, whole - start, rest, sums + <usize>(t * 48));
    }
  }
}

/**
 * Adds a column of positions, four wide, for the upper two rows of the window: every row of sources but the first and the
 * last, with the cotangents of the two rows of positions that read it so, one of which is there from the row before. All nine
 * sums at a time would be one register too many, and a sum that waits in memory takes three times as long.
 */
function addColumn(
  source: usize,
  cotangent: usize,
  pitch: usize,
  rows: i32,
  sums: usize,
): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  let s4 = v128.load(sums, 64);
  let s5 = v128.load(sums, 80);
  let second = v128.load(cotangent);
  for (; rows > 1; rows--) {
    cotangent += pitch;
    source += pitch;
    const first = v128.load(cotangent);
    const a = v128.load(source);
    const b = v128.load(source, 4);
    const c = v128.load(source, 8);
    s0 = madd(first, a, s0);
    s1 = madd(first, b, s1);
    s2 = madd(first, c, s2);
    s3 = madd(second, a, s3);
    s4 = madd(second, b, s4);
    s5 = madd(second, c, s5);
    second = first;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
  v128.store(sums, s4, 64);
  v128.store(sums, s5, 80);
}

/**
 * Adds the products of a row of sources and a row of cotangents onto the sums of one row of the window.
 *
 * @param bytes of whole vectors
 * @param rest cotangents behind them, 0 to 3
 */
function addRow(source: usize, cotangent: usize, bytes: usize, rest: i32, sums: usize): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  for (const end = cotangent + bytes; cotangent < end; cotangent += 16) {
    const factor = v128.load(cotangent);
    s0 = madd(factor, v128.load(source), s0);
    s1 = madd(factor, v128.load(source, 4), s1);
    s2 = madd(factor, v128.load(source, 8), s2);
    source += 16;
  }
  if (rest) {
    // Sources without a cotangent may be infinite, so both factors are masked.
    const mask = firstLanes(rest);
    const factor = v128.and(v128.load(cotangent), mask);
    s0 = madd(factor, v128.and(v128.load(source), mask), s0);
    s1 = madd(factor, v128.and(v128.load(source, 4), mask), s1);
    s2 = madd(factor, v128.and(v128.load(source, 8), mask), s2);
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
}

/** Adds up the parts in order, then the lanes; a task is one channel. */
export function depthwiseWeightGradFinish(
  plan: usize,
  weightGrad: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const grad = changetype<DepthwisePlan>(plan);
  for (let tap = firstTask * TAPS; tap < lastTask * TAPS; tap++) {
    let at = workspace + (<usize>tap << 4);
    let sum = v128.load(at);
    for (let part = 1; part < grad.parts; part++) {
      at += <usize>(grad.channels * SUM_BYTES);
      sum = f32x4.add(sum, v128.load(at));
    }
    f32.store(weightGrad + (<usize>tap << 2), <f32>sumLanes(sum));
  }
}
