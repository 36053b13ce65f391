/**
 * @file Cuts the targets of a convolution into tasks. What a task computes depends on the geometry alone, never on how many
 * threads there are.
 */
import { AXES } from './convGeometry';
import { ConvPlan } from './convPlan';
import { STRIP_ROWS } from './gemmTile';
import { ceilDiv } from './plan';

/** A block's copy stays within a typical second-level cache, beside the weights; its targets bound what a thread needs. */
const COPY_BYTES: i32 = 256 * 1024;
const TARGET_BYTES: i32 = 1024 * 1024;

/** Tasks worth having, so that many threads share small batches, and targets below which a block isn't split for it. */
export const WANTED_TASKS: i32 = 16;
const LEAST_TARGETS: i32 = 64;

/** Halves blocks, outermost axis first, until their copy fits and there are tasks enough. */
export function chooseBlocks(plan: ConvPlan): void {
  const depth = plan.axis(0);
  const height = plan.axis(1);
  const width = plan.axis(2);
  depth.block = depth.count;
  height.block = height.count;
  width.block = width.count;
  const targets = depth.count * height.count * width.count;
  const wanted = max(LEAST_TARGETS, ceilDiv(targets, ceilDiv(WANTED_TASKS, max(1, plan.batch * plan.groups))));
  while (
    depth.block * height.block * width.block > min(wanted, TARGET_BYTES / (plan.targetChannels * 4)) ||
    depth.copied * height.copied * width.copied * plan.sourceChannels * 4 > COPY_BYTES
  ) {
    if (depth.block > 1) depth.block = ceilDiv(depth.block, 2);
    else if (height.block > 1) height.block = ceilDiv(height.block, 2);
    else if (width.block > LEAST_TARGETS) width.block = (ceilDiv(width.block, 2) + 3) & ~3;
    else break;
  }
  for (let axis = 0; axis < AXES; axis++) {
    const split = plan.axis(axis);
    split.blocks = split.block ? ceilDiv(split.count, split.block) : 0;
  }
}

/** Splits the target channels where images and blocks are too few to go round. */
export function chooseRowChunks(plan: ConvPlan): void {
  const tasks = max(1, plan.batch * plan.groups * plan.blocks);
  const strips = ceilDiv(plan.targetChannels, STRIP_ROWS);
  const stripsPerChunk = max(2, ceilDiv(strips, ceilDiv(WANTED_TASKS, tasks)));
  plan.rowChunk = min(plan.targetChannels, stripsPerChunk * STRIP_ROWS);
  plan.rowChunks = ceilDiv(plan.targetChannels, plan.rowChunk);
}
