/**
 * @file Depthwise convolution by windows of 1×3×3 with stride and dilation 1, forward and input gradient.
 *
 *   y[n, c, p] = act(bias[c] + Σ_t weight[c, t] · x[n, c, p + t − padding])
 *   ∂x[n, c, q] = Σ_t weight[c, t] · ∂y[n, c, q − t + padding]
 *
 * Nine products per target leave no time for the panels and tables of the general convolution. Here a column of targets, four
 * wide, is computed from top to bottom: each row of sources is loaded once for the three rows of targets that read it.
 *
 * Padding is 0 in depth and at most 2 in height and width, rows of x and y have at least four cells; nothing checks that.
 * Phases, geometry and arguments are those of conv.ts: Prepare gathers what a channel needs, a task computes one band of one
 * plane (depthwisePlan.ts).
 */
import { ConvGeometry } from './convGeometry';
import { copyBand, DepthwisePlan, planBands, TAPS } from './depthwisePlan';
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
  const pitch = plan.pitch;
  const width = plan.targetWidth;
  for (let task = firstTask; task < lastTask; task++) {
    const plane = task / plan.bands;
    const first = (task % plan.bands) * plan.band;
    const rows = plan.rowsFrom(first);
    const weights = workspace + <usize>(((plane / plan.depth) % plan.channels) * CHANNEL_BYTES);
    copyBand(plan, source, plane, first, plan.bands > 1 || task == firstTask, copy);
    const output = target + plan.targetRow(plane, first);
    let column: usize = 0;
    for (const end = <usize>(width & ~3) << 2; column < end; column += 16) {
      correlateColumn(copy + column, pitch, weights, floor, output + column, width << 2, rows);
    }
    // The last four targets, some of them for the second time, with the same bits.
    column = <usize>(width - 4) << 2;
    if (width & 3) correlateColumn(copy + column, pitch, weights, floor, output + column, width << 2, rows);
  }
}

/**
 * Computes a column of targets: a row of sources is the last of the windows of one row of targets, the middle of the next
 * row's, and the first of the one after, and what those two have of their sums waits in registers. The parts are added up
 * apart, so that a row need not wait for the one before.
 *
 * @param source the first target's first source
 */
function correlateColumn(
  source: usize,
  sourceStep: usize,
  weights: usize,
  floor: f32,
  target: usize,
  targetStep: usize,
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
  const bias = v128.load32_splat(weights, 36);
  const least = f32x4.splat(floor);

  let a = v128.load(source);
  let b = v128.load(source, 4);
  let c = v128.load(source, 8);
  let first = f32x4.add(bias, sum3(a, w0, b, w1, c, w2));
  source += sourceStep;
  a = v128.load(source);
  b = v128.load(source, 4);
  c = v128.load(source, 8);
  let second = f32x4.add(first, sum3(a, w3, b, w4, c, w5));
  first = f32x4.add(bias, sum3(a, w0, b, w1, c, w2));
  for (; rows > 0; rows--) {
    source += sourceStep;
    a = v128.load(source);
    b = v128.load(source, 4);
    c = v128.load(source, 8);
    v128.store(target, atLeast(f32x4.add(second, sum3(a, w6, b, w7, c, w8)), least));
    second = f32x4.add(first, sum3(a, w3, b, w4, c, w5));
    first = f32x4.add(bias, sum3(a, w0, b, w1, c, w2));
    target += targetStep;
  }
}

@inline
function sum3(a: v128, wa: v128, b: v128, wb: v128, c: v128, wc: v128): v128 {
  return madd(c, wc, madd(b, wb, f32x4.mul(a, wa)));
}
