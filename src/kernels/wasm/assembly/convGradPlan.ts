/**
 * @file The plan of a weight gradient: the forward plan, and into how many sums the batch and the output channels are cut.
 */
import { WANTED_TASKS } from './convBlocks';
import { ConvGeometry, WIDTH } from './convGeometry';
import { GRAD_ROWS, isNarrow, NARROW_GRAD_ROWS } from './convGradTile';
import { ConvPlan, correlationPlanBytes, planCorrelation } from './convPlan';
import { TILE_COLUMNS } from './gemmTile';
import { alignBytes, ceilDiv } from './plan';

/** Bytes of partial sums beyond which the batch is cut into fewer parts. */
const PARTIAL_BYTES: i32 = 16 << 20;

/** Positions that make a visit to the sums worth while, and bytes of copies and cotangents that may be held for one. */
const VISIT_POSITIONS: i32 = 512;
const VISIT_BYTES: i32 = 256 * 1024;

/** Bytes of one position, or one product, in a panel of eight channels. */
export const PANEL_STEP: i32 = TILE_COLUMNS * 4;

export function convWeightGradPlanBytes(geometry: usize): i32 {
  return correlationPlanBytes(changetype<ConvGeometry>(geometry), false);
}

export function convWeightGradPlan(geometry: usize, plan: usize): void {
  const grad = changetype<ConvPlan>(plan);
  planCorrelation(grad, changetype<ConvGeometry>(geometry), false);
  const items = grad.batch * grad.blocks;
  grad.panels = ceilDiv(grad.targetChannels, panelChannels(grad));
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
  grad.scratchBytes = copiesOffset(grad) + grad.visit * itemBytes + 64;
}

/** Output channels whose sums lie together: see convGradTile.ts. */
@inline
export function panelChannels(plan: ConvPlan): i32 {
  return isNarrow(plan.targetChannels) ? 1 : TILE_COLUMNS;
}

@inline
export function tileRows(plan: ConvPlan): i32 {
  return isNarrow(plan.targetChannels) ? NARROW_GRAD_ROWS : GRAD_ROWS;
}

/** Bytes of a panel's sums for one product. */
@inline
export function sumBytes(plan: ConvPlan): i32 {
  return isNarrow(plan.targetChannels) ? 16 : PANEL_STEP;
}

/** Bytes of a panel's sums: whole tiles of products. */
@inline
export function panelBytes(plan: ConvPlan): i32 {
  return ceilDiv(plan.class(0).depth, tileRows(plan)) * tileRows(plan) * sumBytes(plan);
}

@inline
export function blockPositions(plan: ConvPlan): i32 {
  return plan.axis(0).block * plan.axis(1).block * plan.axis(2).block;
}

/** Bytes of one block's transposed cotangents for a task's output channels. */
@inline
export function cotangentBytes(plan: ConvPlan): i32 {
  return isNarrow(plan.targetChannels) ? 0 : plan.panelChunk * blockPositions(plan) * PANEL_STEP;
}

/** Bytes of the offsets of all products. */
@inline
export function offsetBytes(plan: ConvPlan): i32 {
  return alignBytes((plan.class(0).depth + GRAD_ROWS) * 4);
}

/** Bytes of one list over the target rows of a visit. */
@inline
export function rowListBytes(plan: ConvPlan): i32 {
  return alignBytes(plan.visit * plan.axis(0).block * plan.axis(1).block * 4);
}

/** Where in scratch the copies begin: behind the offsets, the addresses of the rows' sources and of their cotangents. */
@inline
export function copiesOffset(plan: ConvPlan): i32 {
  return offsetBytes(plan) + 2 * rowListBytes(plan);
}
