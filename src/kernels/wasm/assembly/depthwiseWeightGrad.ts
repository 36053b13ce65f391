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
import { copyBand, DepthwisePlan, inBlock, planBands, TAPS } from './depthwisePlan';
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
  grad.scratchBytes = grad.copyBytes;
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

/** Adds a band onto a channel's sums. Its sources are copied, with zeros around them. */
function addBand(plan: DepthwisePlan, x: usize, cotangent: usize, plane: i32, first: i32, copy: usize, sums: usize): void {
  copyBand(plan, x, plane, first, plan.bands > 1, copy);
  const width = plan.targetWidth;
  const rows = plan.rowsFrom(first);
  const factors = cotangent + plan.targetRow(plane, first);
  addRows(copy, plan.pitch, factors, width, rows, sums);
  if (width & 3) addRests(copy, plan.pitch, factors, width, rows, sums);
}

/**
 * Adds the products of rows of cotangents and of the sources around them onto the nine sums of a window, which stay in registers
 * throughout.
 *
 * @param cotangent dense rows of `width`
 */
function addRows(source: usize, pitch: usize, cotangent: usize, width: i32, rows: i32, sums: usize): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  let s4 = v128.load(sums, 64);
  let s5 = v128.load(sums, 80);
  let s6 = v128.load(sums, 96);
  let s7 = v128.load(sums, 112);
  let s8 = v128.load(sums, 128);
  const rowBytes = <usize>width << 2;
  const whole = rowBytes & ~15;
  for (; rows > 0; rows--) {
    const middle = source + pitch;
    const bottom = middle + pitch;
    for (let column: usize = 0; column < whole; column += 16) {
      const factor = v128.load(cotangent + column);
      if (inBlock(source)) {
        s0 = madd(factor, v128.load(source + column), s0);
        s1 = madd(factor, v128.load(source + column, 4), s1);
        s2 = madd(factor, v128.load(source + column, 8), s2);
      }
      if (inBlock(middle)) {
        s3 = madd(factor, v128.load(middle + column), s3);
        s4 = madd(factor, v128.load(middle + column, 4), s4);
        s5 = madd(factor, v128.load(middle + column, 8), s5);
      }
      if (inBlock(bottom)) {
        s6 = madd(factor, v128.load(bottom + column), s6);
        s7 = madd(factor, v128.load(bottom + column, 4), s7);
        s8 = madd(factor, v128.load(bottom + column, 8), s8);
      }
    }
    source = middle;
    cotangent += rowBytes;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
  v128.store(sums, s4, 64);
  v128.store(sums, s5, 80);
  v128.store(sums, s6, 96);
  v128.store(sums, s7, 112);
  v128.store(sums, s8, 128);
}

/**
 * Adds what lies behind the whole vectors of each row: the last lanes of its last four positions. Sources there that have no such
 * cotangent may be infinite, so both factors are masked.
 */
function addRests(source: usize, pitch: usize, cotangent: usize, width: i32, rows: i32, sums: usize): void {
  const mask = v128.not(firstLanes(4 - (width & 3)));
  const last = <usize>(width - 4) << 2;
  for (; rows > 0; rows--) {
    const factor = v128.and(v128.load(cotangent + last), mask);
    for (let t: usize = 0; t < 3; t++) {
      const from = source + pitch * t + last;
      const sum = sums + t * 48;
      v128.store(sum, madd(factor, v128.and(v128.load(from), mask), v128.load(sum)));
      v128.store(sum, madd(factor, v128.and(v128.load(from, 4), mask), v128.load(sum, 16)), 16);
      v128.store(sum, madd(factor, v128.and(v128.load(from, 8), mask), v128.load(sum, 32)), 32);
    }
    source += pitch;
    cotangent += <usize>width << 2;
  }
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
