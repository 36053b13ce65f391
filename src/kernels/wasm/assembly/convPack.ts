/**
 * @file Packs the weights of a convolution into the panels that the micro-kernel reads: see gemmTile.ts.
 *
 * A panel holds, for each of its target channels, what the sums start from (the bias, four times over), then the weights of
 * each product for all of its channels, in the order of the plan's offsets.
 */
import { ConvClass, ConvPlan, panelRowBytes } from './convPlan';
import { paddedRows, panelRows, STRIP_ROWS } from './gemmTile';
import { ceilDiv } from './plan';

/** Packs the weights of 12 target channels of one group, for every class; a task per strip. */
export function packWeights(plan: ConvPlan, weight: usize, bias: usize, workspace: usize, firstTask: i32, lastTask: i32): void {
  const strips = ceilDiv(plan.targetChannels, STRIP_ROWS);
  for (let task = firstTask; task < lastTask; task++) {
    const group = task / strips;
    const first = (task % strips) * STRIP_ROWS;
    const last = min(first + STRIP_ROWS, plan.targetChannels);
    const groupWeight = weight + <usize>group * plan.weightGroup;
    const groupBias = bias ? bias + (<usize>(group * plan.targetChannels) << 2) : 0;
    for (let index = 0; index < plan.classes; index++) {
      const entry = plan.class(index);
      for (let row = first; row < last; ) {
        const rows = panelRows(row, plan.targetChannels);
        packPanel(plan, entry, groupWeight, groupBias, row, rows, panelAt(plan, entry, workspace, group, row));
        row += rows;
      }
    }
  }
}

/** Where the panel that begins at target channel `row` of `group` lies. */
@inline
export function panelAt(plan: ConvPlan, entry: ConvClass, workspace: usize, group: i32, row: i32): usize {
  return workspace + entry.panels + <usize>(group * paddedRows(plan.targetChannels) + row) * panelRowBytes(entry);
}

/** Writes what the rows' sums start from, then the weights of each product for all rows; missing rows are zeros. */
function packPanel(
  plan: ConvPlan,
  entry: ConvClass,
  weight: usize,
  bias: usize,
  row: i32,
  rows: i32,
  panel: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const exists = row + r < plan.targetChannels;
    v128.store(panel + (r << 4), f32x4.splat(bias && exists ? f32.load(bias + (<usize>(row + r) << 2)) : 0));
    const rowWeight = weight + <usize>(row + r) * plan.weightRow;
    const offsets = changetype<usize>(plan) + entry.weightOffsets;
    let target = panel + (rows << 4) + (r << 2);
    for (let k = 0; k < entry.depth; k++) {
      f32.store(target, exists ? f32.load(rowWeight + load<u32>(offsets + (k << 2))) : 0);
      target += rows << 2;
    }
  }
}
