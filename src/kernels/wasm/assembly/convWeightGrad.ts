/**
 * @file The weight gradient of a convolution, for any stride, padding, dilation and groups.
 *
 *   ∂w[o, i, t] = Σ_{n, p} ∂y[n, o, p] · x[n, i, p·stride + t·dilation − padding]
 *
 * Phases
 *   convWeightGradPlan(geometry, plan)    plan: `convWeightGradPlanBytes(geometry)` bytes
 *   convWeightGrad(plan, x, cotangent, workspace, scratch, …)   a task sums one part of the batch for some output channels
 *   convWeightGradFinish(plan, weightGrad, workspace, …)        a task adds up the parts for some output channels, in order
 *
 * The parts are a fixed partition of all (image, block) pairs, so the order of the sums doesn't depend on who computes them.
 * A task copies its blocks as the forward pass does (convPlan.ts), transposes their cotangents, and keeps its sums in the
 * workspace as [part][group][panel of 8 output channels][product][8]. Small blocks are taken several at a time, so that the
 * sums are loaded and stored less often.
 */
import { copyBlock } from './convCopy';
import { WIDTH } from './convGeometry';
import {
  blockPositions, copiesOffset, offsetBytes, PANEL_STEP, panelBytes, panelChannels, rowListBytes, sumBytes, tileRows,
} from './convGradPlan';
import { GRAD_ROWS, gradTile, gradTileNarrow, isNarrow } from './convGradTile';
import { ConvPlan } from './convPlan';
import { packPanel } from './gemmPack';
import { TILE_COLUMNS } from './gemmTile';

export { convWeightGradFinish } from './convGradFinish';
export { convWeightGradPlan, convWeightGradPlanBytes } from './convGradPlan';

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
  if (grad.blocks == 1) memory.fill(scratch + copiesOffset(grad), 0, grad.visit * grad.copyBytes);
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
  const width = plan.axis(WIDTH);
  const items = width.blocks == 1 ? min(plan.visit, lastItem - firstItem) : 1;
  const columns = min(width.block, width.count - (firstItem % width.blocks) * width.block);
  const sources = scratch + offsetBytes(plan);
  const cotangents = sources + rowListBytes(plan);
  const copies = scratch + copiesOffset(plan);
  let rows = 0;
  for (let i = 0; i < items; i++) {
    rows += listRows(
      plan, x, cotangent, firstItem + i, group, firstPanel, copies + <usize>(i * plan.copyBytes),
      sources + (<usize>rows << 2), cotangents + (<usize>rows << 2),
    );
  }

  // A tile's sources stay in the first-level cache while all output channels pass by.
  const depth = plan.class(0).depth;
  const tile = tileRows(plan);
  if (isNarrow(plan.targetChannels)) {
    for (let k = 0; k < depth; k += tile) {
      for (let panel = 0; panel < panels; panel++) {
        gradTileNarrow(
          sources, cotangents, <usize>(panel * plan.targetVolume) << 2, rows, columns, scratch + <usize>(k << 2),
          sums + <usize>(panel * panelBytes(plan) + k * sumBytes(plan)),
        );
      }
    }
    return items;
  }
  const transposed = copies + <usize>(plan.visit * plan.copyBytes);
  const panelStride = <usize>(plan.visit * blockPositions(plan) * PANEL_STEP);
  transposeRows(plan, cotangents, rows, columns, firstPanel, panels, transposed, panelStride);
  for (let k = 0; k < depth; k += tile) {
    for (let panel = 0; panel < panels; panel++) {
      gradTile(
        sources, rows, columns, scratch + <usize>(k << 2), transposed + panelStride * panel,
        sums + <usize>(panel * panelBytes(plan) + k * sumBytes(plan)),
      );
    }
  }
  return items;
}

/** Copies one item's sources and lists its target rows: addresses in the copy, and in the cotangent of the first panel. */
function listRows(
  plan: ConvPlan,
  x: usize,
  cotangent: usize,
  item: i32,
  group: i32,
  firstPanel: i32,
  copy: usize,
  sources: usize,
  cotangents: usize,
): i32 {
  const depth = plan.axis(0);
  const height = plan.axis(1);
  const width = plan.axis(WIDTH);
  const first2 = (item % width.blocks) * width.block;
  item /= width.blocks;
  const first1 = (item % height.blocks) * height.block;
  item /= height.blocks;
  const first0 = (item % depth.blocks) * depth.block;
  const imageGroup = (item / depth.blocks) * plan.groups + group;
  const image = x + (<usize>(imageGroup * plan.sourceChannels) * plan.sourceVolume << 2);
  const channel = imageGroup * plan.targetChannels + firstPanel * panelChannels(plan);
  const output = cotangent + (<usize>channel * plan.targetVolume << 2);
  if (plan.blocks > 1) memory.fill(copy, 0, plan.copyBytes);
  copyBlock(plan, image, first0, first1, first2, copy);
  const count0 = min(depth.block, depth.count - first0);
  const count1 = min(height.block, height.count - first1);
  for (let j0 = 0; j0 < count0; j0++) {
    for (let j1 = 0; j1 < count1; j1++) {
      const position = ((first0 + j0) * height.target + first1 + j1) * width.target + first2;
      store<usize>(sources, copy + <usize>(j0 * depth.sourceStride * plan.planePitch + j1 * height.sourceStride * plan.rowPitch));
      store<usize>(cotangents, output + (<usize>position << 2));
      sources += 4;
      cotangents += 4;
    }
  }
  return count0 * count1;
}

/**
 * Transposes the cotangents of all rows, eight channels side by side per position; missing channels are zeros. Rows that
 * follow one another in memory go together.
 */
function transposeRows(
  plan: ConvPlan,
  cotangents: usize,
  rows: i32,
  columns: i32,
  firstPanel: i32,
  panels: i32,
  target: usize,
  panelStride: usize,
): void {
  const channelStride = <usize>plan.targetVolume << 2;
  for (let row = 0; row < rows; ) {
    const first = load<usize>(cotangents + (<usize>row << 2));
    let next = first;
    let positions = 0;
    do {
      next += <usize>columns << 2;
      positions += columns;
      row++;
    } while (row < rows && load<usize>(cotangents + (<usize>row << 2)) == next);
    for (let panel = 0; panel < panels; panel++) {
      const channel = panel * TILE_COLUMNS;
      const channels = min(TILE_COLUMNS, plan.targetChannels - firstPanel * TILE_COLUMNS - channel);
      packPanel(
        first + channelStride * channel, channelStride, 4, channels, TILE_COLUMNS, positions, target + panelStride * panel,
      );
    }
    target += <usize>(positions * PANEL_STEP);
  }
}
