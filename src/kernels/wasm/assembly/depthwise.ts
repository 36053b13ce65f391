/**
 * @file Depthwise convolution by windows of 1×3×3 with stride and dilation 1, forward and input gradient.
 *
 *   y[n, c, p] = act(bias[c] + Σ_t weight[c, t] · x[n, c, p + t − padding])
 *   ∂x[n, c, q] = Σ_t weight[c, t] · ∂y[n, c, q − t + padding]
 *
 * Nine products per target leave no time for the panels and tables of the general convolution. Here a plane is copied with zeros at
 * its left and right, into the first-level cache, and its windows are gone through row by row with nine weights in registers.
 *
 * Padding is 0 in depth and at most 2 in height and width, rows of x and y have at least four cells; nothing checks that.
 * Phases, geometry and arguments are those of conv.ts: Prepare gathers what a channel needs, a task computes one band of one
 * plane (depthwisePlan.ts).
 */
import { ConvGeometry } from './convGeometry';
import { copyBand, DepthwisePlan, inBlock, planBands, TAPS } from './depthwisePlan';
import { atLeast } from './lanes';
import { madd } from './simd';

/** Bytes of a channel in the workspace: nine weights in the order of the sources, then the bias. */
const CHANNEL_BYTES: i32 = (TAPS + 1) * 4;

export function depthwiseForwardPlanBytes(_geometry: usize): i32 {
  return offsetof<DepthwisePlan>();
}

export function depthwiseForwardPlan(geometry: usize, plan: usize): void {
  planPass(changetype<DepthwisePlan>(plan), geometry, false);
}

/** Gathers weight and bias; `bias` is 0 where there is none. A task is one channel. */
export function depthwiseForwardPrepare(
  _plan: usize,
  weight: usize,
  bias: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  for (let channel = firstTask; channel < lastTask; channel++) {
    const target = workspace + <usize>(channel * CHANNEL_BYTES);
    memory.copy(target, weight + <usize>(channel * TAPS * 4), TAPS * 4);
    f32.store(target, bias ? f32.load(bias + (<usize>channel << 2)) : 0, TAPS * 4);
  }
}

/** Convolves; `relu` is 1 for max(·, 0). */
export function depthwiseForward(
  plan: usize,
  x: usize,
  relu: i32,
  y: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  correlate(changetype<DepthwisePlan>(plan), x, relu ? 0 : -Infinity, y, workspace, scratch, firstTask, lastTask);
}

export function depthwiseInputGradPlanBytes(_geometry: usize): i32 {
  return offsetof<DepthwisePlan>();
}

export function depthwiseInputGradPlan(geometry: usize, plan: usize): void {
  planPass(changetype<DepthwisePlan>(plan), geometry, true);
}

/** Flips the windows; a task is one channel. */
export function depthwiseInputGradPrepare(
  _plan: usize,
  weight: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  for (let channel = firstTask; channel < lastTask; channel++) {
    const target = workspace + <usize>(channel * CHANNEL_BYTES);
    const last = weight + <usize>((channel * TAPS + TAPS - 1) << 2);
    for (let tap: usize = 0; tap < <usize>TAPS << 2; tap += 4) f32.store(target + tap, f32.load(last - tap));
    f32.store(target, 0, TAPS * 4);
  }
}

/** Gathers the cotangent (of y's shape) into a gradient of x's shape. */
export function depthwiseInputGrad(
  plan: usize,
  cotangent: usize,
  inputGrad: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  correlate(changetype<DepthwisePlan>(plan), cotangent, -Infinity, inputGrad, workspace, scratch, firstTask, lastTask);
}

function planPass(plan: DepthwisePlan, geometry: usize, inputGrad: bool): void {
  planBands(plan, changetype<ConvGeometry>(geometry), inputGrad);
  plan.prepareTasks = plan.channels;
  plan.tasks = plan.batch * plan.channels * plan.depth * plan.bands;
  plan.finishTasks = 0;
  plan.workspaceBytes = plan.channels * CHANNEL_BYTES;
  plan.scratchBytes = plan.copyBytes;
}

/** Runs tasks; a task is (plane, band), the band running fastest. */
function correlate(
  plan: DepthwisePlan,
  source: usize,
  floor: f32,
  target: usize,
  workspace: usize,
  copy: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const least = f32x4.splat(floor);
  for (let task = firstTask; task < lastTask; task++) {
    const plane = task / plan.bands;
    const first = (task % plan.bands) * plan.band;
    const weights = workspace + <usize>(((plane / plan.depth) % plan.channels) * CHANNEL_BYTES);
    copyBand(plan, source, plane, first, plan.bands > 1 || task == firstTask, copy);
    const output = target + plan.targetRow(plane, first);
    correlateRows(copy, plan.pitch, weights, least, output, plan.targetWidth, plan.rowsFrom(first));
  }
}

/**
 * Computes rows of at least four targets. Every row of the window is a block of its own: `inBlock` tells why.
 *
 * @param source the first target's first source, in the copy
 * @param target dense rows of `width`
 */
function correlateRows(
  source: usize,
  pitch: usize,
  weights: usize,
  least: v128,
  target: usize,
  width: i32,
  rows: i32,
): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const w4 = v128.load32_splat(weights, 16);
  const w5 = v128.load32_splat(weights, 20);
  const w6 = v128.load32_splat(weights, 24);
  const w7 = v128.load32_splat(weights, 28);
  const w8 = v128.load32_splat(weights, 32);
  const last = <usize>(width - 4) << 2;
  for (; rows > 0; rows--) {
    const middle = source + pitch;
    const bottom = middle + pitch;
    // The last four targets may overlap those before: some are computed twice, with the same bits.
    for (let column: usize = 0; ; column = min(column + 16, last)) {
      let sum = v128.load32_splat(weights, 36);
      if (inBlock(source)) sum = f32x4.add(sum, sum3(source + column, w0, w1, w2));
      if (inBlock(middle)) sum = f32x4.add(sum, sum3(middle + column, w3, w4, w5));
      if (inBlock(bottom)) sum = f32x4.add(sum, sum3(bottom + column, w6, w7, w8));
      v128.store(target + column, atLeast(sum, least));
      if (column == last) break;
    }
    source = middle;
    target += <usize>width << 2;
  }
}

@inline
function sum3(source: usize, a: v128, b: v128, c: v128): v128 {
  return madd(v128.load(source, 8), c, madd(v128.load(source, 4), b, f32x4.mul(v128.load(source), a)));
}
