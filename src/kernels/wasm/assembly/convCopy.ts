/**
 * @file Copies the part of a source image that a block of targets reads, with zeros around it.
 *
 * A row of the copy holds `residues` runs: run r has the columns r, r + sourceStride, r + 2·sourceStride, … of the block,
 * so that targets which read every second column still load neighbours. With stride 1 it is the row itself.
 */
import { AXES, ConvGeometry, WIDTH } from './convGeometry';
import { ConvPlan } from './convPlan';

/**
 * Copies one group's channels.
 *
 * @param image the first channel of the group
 * @param first0 first1, first2: the block's first target position j along each axis
 */
export function copyBlock(plan: ConvPlan, image: usize, first0: i32, first1: i32, first2: i32, copy: usize): void {
  const depth = plan.axis(0);
  const height = plan.axis(1);
  const width = plan.axis(2);
  const plane0 = first0 * depth.sourceStride - depth.lead;
  const row0 = first1 * height.sourceStride - height.lead;
  const column0 = first2 * width.sourceStride - width.lead;
  const planes = depth.copied;
  const rows = height.copied;
  const sourceRowBytes = <usize>width.source << 2;
  for (let channel = 0; channel < plan.sourceChannels; channel++) {
    let target = copy + <usize>channel * plan.channelPitch;
    for (let plane = plane0; plane < plane0 + planes; plane++) {
      const planeInside = <u32>plane < <u32>depth.source;
      for (let row = row0; row < row0 + rows; row++) {
        if (planeInside && <u32>row < <u32>height.source) {
          copyRow(plan, image + <usize>(plane * height.source + row) * sourceRowBytes, column0, target);
        } else {
          memory.fill(target, 0, plan.rowPitch);
        }
        target += plan.rowPitch;
      }
    }
    image += <usize>plan.sourceVolume << 2;
  }
}

/** Copies one row from column `column` on, which may lie outside. */
function copyRow(plan: ConvPlan, source: usize, column: i32, target: usize): void {
  const width = plan.axis(WIDTH);
  const length = plan.residuePitch >> 2;
  for (let end = column + plan.rowPitch / plan.residuePitch; column < end; column++) {
    copyRun(source, width.source, column, width.sourceStride, length, target);
    target += plan.residuePitch;
  }
}

/** Writes `length` columns, `stride` apart from `column` on. */
function copyRun(source: usize, columns: i32, column: i32, stride: i32, length: i32, target: usize): void {
  let i = 0;
  for (; i < length && column < 0; i++, column += stride) f32.store(target + (i << 2), 0);
  if (stride == 1) {
    const inside = min(length, i + columns - column);
    for (; i + 4 <= inside; i += 4, column += 4) v128.store(target + (i << 2), v128.load(source + (column << 2)));
  } else if (stride == 2) {
    const inside = min(length, i + (columns - column) / 2);
    for (; i + 4 <= inside; i += 4, column += 8) {
      const low = v128.load(source + (column << 2));
      const high = v128.load(source + (column << 2), 16);
      v128.store(target + (i << 2), v128.shuffle<f32>(low, high, 0, 2, 4, 6));
    }
  }
  for (; i < length && column < columns; i++, column += stride) {
    f32.store(target + (i << 2), f32.load(source + (column << 2)));
  }
  for (; i < length; i++) f32.store(target + (i << 2), 0);
}
