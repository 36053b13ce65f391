/**
 * @file The weight gradient of a convolution, for any stride, padding, dilation and groups.
 *
 *   ∂w[o, i, t] = Σ_{n, p} ∂y[n, o, p] · x[n, i, p·stride + t·dilation − padding]
 *
 * Phases
 *   convWeightGradPlan(geometry, plan)    plan: `convWeightGradPlanBytes(geometry)` bytes
 *   convWeightGrad(plan, x, cotangent, workspace, scratch, …)   a task sums one part of the batch for some output channels
 *   convWeightGradFinish(plan, weightGrad, workspace, …)        a task adds up the parts for 8 output channels, in order
 *
 * The parts are a fixed partition of all (image, block) pairs, so the order of the sums doesn't depend on who computes them.
 * A task copies its blocks as the forward pass does (convPlan.ts), transposes their cotangents, and keeps its sums in the
 * workspace as [part][group][output channels / 8][product][8]. Small blocks are taken several at a time, so that the sums
 * are loaded and stored less often.
 */
import { copyBlock } from './convCopy';
import { ConvGeometry, WIDTH } from './convGeometry';
import { GRAD_ROWS, gradTile } from './convGradTile';
import { ConvPlan, correlationPlanBytes, planCorrelation, WANTED_TASKS } from './convPlan';
import { packPanel } from './gemmPack';
import { TILE_COLUMNS } from './gemmTile';
import { alignBytes, ceilDiv } from './plan';
import { transpose4 } from './simd';

/** Bytes of partial sums beyond which the batch is cut into fewer parts. */
const PARTIAL_BYTES: i32 = 16 << 20;

/** Positions that make a visit to the sums worth while, and bytes of copies and cotangents that may be held for one. */
const VISIT_POSITIONS: i32 = 512;
const VISIT_BYTES: i32 = 256 * 1024;

/** Bytes of one position, or one product, in a panel of eight channels. */
const PANEL_STEP: i32 = TILE_COLUMNS * 4;

export function convWeightGradPlanBytes(geometry: usize): i32 {
  return correlationPlanBytes(changetype<ConvGeometry>(geometry), false);
}

export function convWeightGradPlan(geometry: usize, plan: usize): void {
  const grad = changetype<ConvPlan>(plan);
  planCorrelation(grad, changetype<ConvGeometry>(geometry), false);
  const items = grad.batch * grad.blocks;
  grad.panels = ceilDiv(grad.targetChannels, TILE_COLUMNS);
  const partial = grad.groups * grad.panels * panelBytes(grad);
  grad.parts = max(1, min(min(items, ceilDiv(WANTED_TASKS, grad.groups)), PARTIAL_BYTES / partial));
  grad.panelChunk = ceilDiv(grad.panels, ceilDiv(WANTED_TASKS, grad.parts * grad.groups));
  grad.panelChunks = ceilDiv(grad.panels, grad.panelChunk);
  const itemBytes = grad.copyBytes + cotangentBytes(grad);
  grad.visit = max(1, min(ceilDiv(VISIT_POSITIONS, blockPositions(grad)), VISIT_BYTES / itemBytes));
  grad.prepareTasks = 0;
  grad.tasks = grad.parts * grad.groups * grad.panelChunks;
  grad.finishTasks = grad.groups * grad.panels;
  grad.workspaceBytes = grad.parts * partial;
  grad.scratchBytes = tableBytes(grad) + grad.visit * itemBytes + 64;
}

/** Bytes of the sums for eight output channels: whole tiles of products. */
@inline
function panelBytes(plan: ConvPlan): i32 {
  return ceilDiv(plan.class(0).depth, GRAD_ROWS) * GRAD_ROWS * PANEL_STEP;
}

@inline
function blockPositions(plan: ConvPlan): i32 {
  return plan.axis(0).block * plan.axis(1).block * plan.axis(2).block;
}

/** Bytes of one block's cotangents for a task's output channels. */
@inline
function cotangentBytes(plan: ConvPlan): i32 {
  return plan.panelChunk * blockPositions(plan) * PANEL_STEP;
}

/** Bytes of the offsets of all products, and of the addresses of a visit's rows. */
@inline
function tableBytes(plan: ConvPlan): i32 {
  return alignBytes((plan.class(0).depth + GRAD_ROWS + plan.visit * plan.axis(0).block * plan.axis(1).block) * 4);
}

/** Sums; a task is (part, group, chunk of output channels), the last running fastest. */
export function convWeightGrad(
  plan: usize,
  x: usize,
  cotangent: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const grad = changetype<ConvPlan>(plan);
  const depth = grad.class(0).depth;
  writeTileOffsets(plan + grad.class(0).sourceOffsets, depth, scratch);
  // Where every image is one block, the zeros around it are the same for all of them.
  if (grad.blocks == 1) memory.fill(scratch + tableBytes(grad), 0, grad.visit * grad.copyBytes);
  const items = grad.batch * grad.blocks;
  for (let task = firstTask; task < lastTask; task++) {
    const firstPanel = (task % grad.panelChunks) * grad.panelChunk;
    const panels = min(grad.panelChunk, grad.panels - firstPanel);
    const partGroup = task / grad.panelChunks;
    const group = partGroup % grad.groups;
    const part = partGroup / grad.groups;
    const sums = workspace + <usize>(partGroup * grad.panels + firstPanel) * panelBytes(grad);
    memory.fill(sums, 0, <usize>panels * panelBytes(grad));
    const lastItem = <i32>((<i64>items * (part + 1)) / grad.parts);
    for (let item = <i32>((<i64>items * part) / grad.parts); item < lastItem; ) {
      item += visitItems(grad, x, cotangent, item, lastItem, group, firstPanel, panels, sums, scratch);
    }
  }
}

/** Copies the offsets of all products, the last one repeated to fill the last tile. */
function writeTileOffsets(offsets: usize, depth: i32, target: usize): void {
  for (let k = 0; k < depth + GRAD_ROWS; k++) {
    store<u32>(target + (k << 2), load<u32>(offsets + (min(k, depth - 1) << 2)));
  }
}

/**
 * Adds up to `visit` items (image, block) of one width onto the sums. Returns how many it took: where the width is split,
 * blocks differ in width, and each is visited alone.
 */
function visitItems(
  plan: ConvPlan,
  x: usize,
  cotangent: usize,
  firstItem: i32,
  lastItem: i32,
  group: i32,
  firstPanel: i32,
  panels: i32,
  sums: usize,
  scratch: usize,
): i32 {
  const entry = plan.class(0);
  const width = plan.axis(WIDTH);
  const items = width.blocks == 1 ? min(plan.visit, lastItem - firstItem) : 1;
  const sources = scratch + <usize>((entry.depth + GRAD_ROWS) << 2);
  const copies = scratch + tableBytes(plan);
  const transposed = copies + <usize>(plan.visit * plan.copyBytes);
  const panelStride = <usize>(plan.visit * blockPositions(plan) * PANEL_STEP);

  let rows = 0;
  let positions = 0;
  let columns = 0;
  for (let i = 0; i < items; i++) {
    let rest = firstItem + i;
    const first2 = (rest % width.blocks) * width.block;
    rest /= width.blocks;
    const first1 = (rest % plan.axis(1).blocks) * plan.axis(1).block;
    rest /= plan.axis(1).blocks;
    const first0 = (rest % plan.axis(0).blocks) * plan.axis(0).block;
    const imageGroup = (rest / plan.axis(0).blocks) * plan.groups + group;
    const image = x + (<usize>(imageGroup * plan.sourceChannels) * plan.sourceVolume << 2);
    const count0 = min(plan.axis(0).block, plan.axis(0).count - first0);
    const count1 = min(plan.axis(1).block, plan.axis(1).count - first1);
    columns = min(width.block, width.count - first2);
    const base = copies + <usize>(i * plan.copyBytes);
    if (plan.blocks > 1) memory.fill(base, 0, plan.copyBytes);
    copyBlock(plan, image, first0, first1, first2, base);
    const channel = imageGroup * plan.targetChannels + firstPanel * TILE_COLUMNS;
    const output = cotangent + (<usize>channel * plan.targetVolume << 2);
    for (let j0 = 0; j0 < count0; j0++) {
      for (let j1 = 0; j1 < count1; j1++) {
        const row = base + <usize>(j0 * plan.axis(0).sourceStride * plan.planePitch + j1 * plan.axis(1).sourceStride * plan.rowPitch);
        store<usize>(sources + (rows++ << 2), row);
        const position = ((first0 + j0) * plan.axis(1).target + first1 + j1) * width.target + first2;
        transposeRow(plan, output + (<usize>position << 2), columns, firstPanel, panels, transposed + <usize>(positions * PANEL_STEP), panelStride);
        positions += columns;
      }
    }
  }

  // The tile's sources stay in the first-level cache while all output channels pass by.
  for (let k = 0; k < entry.depth; k += GRAD_ROWS) {
    for (let panel = 0; panel < panels; panel++) {
      gradTile(
        sources, rows, columns, scratch + <usize>(k << 2), transposed + panelStride * panel,
        sums + <usize>panel * panelBytes(plan) + <usize>(k * PANEL_STEP),
      );
    }
  }
  return items;
}

/** Transposes the cotangents of one target row, eight channels side by side per position; missing channels are zeros. */
function transposeRow(
  plan: ConvPlan,
  output: usize,
  columns: i32,
  firstPanel: i32,
  panels: i32,
  target: usize,
  panelStride: usize,
): void {
  const channelStride = <usize>plan.targetVolume << 2;
  for (let panel = 0; panel < panels; panel++) {
    const channels = min(TILE_COLUMNS, plan.targetChannels - (firstPanel + panel) * TILE_COLUMNS);
    packPanel(output, channelStride, 4, channels, TILE_COLUMNS, columns, target);
    output += channelStride * TILE_COLUMNS;
    target += panelStride;
  }
}

/** Adds up the parts in order and writes the gradient; a task is eight output channels of one group. */
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
    const group = task / grad.panels;
    const channel = (task % grad.panels) * TILE_COLUMNS;
    const channels = min(TILE_COLUMNS, grad.targetChannels - channel);
    writeTransposed(sums, channels, depth, weightGrad + (<usize>(group * grad.targetChannels + channel) * depth << 2));
  }
}

function addOnto(sums: usize, addends: usize, bytes: usize): void {
  for (const end = sums + bytes; sums < end; sums += 16) {
    v128.store(sums, f32x4.add(v128.load(sums), v128.load(addends)));
    addends += 16;
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
