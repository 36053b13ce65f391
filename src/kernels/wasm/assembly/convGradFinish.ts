/**
 * @file The last phase of a weight gradient: adds up the parts' sums and writes them in the weight's order.
 */
import { panelBytes, panelChannels, PANEL_STEP } from './convGradPlan';
import { isNarrow } from './convGradTile';
import { ConvPlan } from './convPlan';
import { TILE_COLUMNS } from './gemmTile';
import { transpose4 } from './simd';

/** Adds up the parts in order and writes the gradient; a task is one panel of output channels of one group. */
export function convWeightGradFinish(
  plan: usize,
  weightGrad: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const grad = changetype<ConvPlan>(plan);
  const depth = grad.class(0).depth;
  const bytes = <usize>panelBytes(grad);
  const partBytes = <usize>(grad.groups * grad.panels) * bytes;
  for (let task = firstTask; task < lastTask; task++) {
    const sums = workspace + <usize>task * bytes;
    for (let part = 1; part < grad.parts; part++) addOnto(sums, sums + partBytes * part, bytes);
    const channel = (task % grad.panels) * panelChannels(grad);
    const first = (task / grad.panels) * grad.targetChannels + channel;
    const target = weightGrad + (<usize>first * depth << 2);
    if (isNarrow(grad.targetChannels)) writeLaneSums(sums, depth, target);
    else writeTransposed(sums, min(TILE_COLUMNS, grad.targetChannels - channel), depth, target);
  }
}

function addOnto(sums: usize, addends: usize, bytes: usize): void {
  for (const end = sums + bytes; sums < end; sums += 16) {
    v128.store(sums, f32x4.add(v128.load(sums), v128.load(addends)));
    addends += 16;
  }
}

/** Writes sums [depth][4] as one channel's weights [depth]. */
function writeLaneSums(sums: usize, depth: i32, target: usize): void {
  for (let k = 0; k < depth; k++) {
    const even = f32.load(sums) + f32.load(sums, 8);
    const odd = f32.load(sums, 4) + f32.load(sums, 12);
    f32.store(target + (k << 2), even + odd);
    sums += 16;
  }
}

/** Writes sums [depth][8] as weights [channels][depth]. */
function writeTransposed(sums: usize, channels: i32, depth: i32, target: usize): void {
  const row = <usize>depth << 2;
  let channel = 0;
  for (; channel + 4 <= channels; channel += 4) {
    let k = 0;
    for (; k + 4 <= depth; k += 4) {
      transpose4(sums + (k << 5) + (channel << 2), PANEL_STEP, target + row * channel + (k << 2), row);
    }
    for (; k < depth; k++) copyLanes(sums, channel, channel + 4, k, target, row);
  }
  for (let k = 0; k < depth; k++) copyLanes(sums, channel, channels, k, target, row);
}

@inline
function copyLanes(sums: usize, first: i32, last: i32, k: i32, target: usize, row: usize): void {
  for (let lane = first; lane < last; lane++) {
    f32.store(target + row * lane + (k << 2), f32.load(sums + (k << 5) + (lane << 2)));
  }
}
