/**
 * @file Copies the part of a source image that a block of targets reads, with zeros around it.
 *
 * A row of the copy holds `residues` runs: run r has the columns r, r + sourceStride, r + 2·sourceStride, … of the block,
 * so that targets which read every second column still load neighbours. With stride 1 it is the row itself.
 */
import { WIDTH } from './convGeometry';
import { ConvAxis, ConvPlan } from './convPlan';
import { ceilDiv } from './plan';

/**
 * Copies one group's channels as far as they exist; what lies outside must be zeros already.
 *
 * @param image the first channel of the group
 * @param first0 first1, first2: the block's first target position j along each axis
 */
export function copyBlock(plan: ConvPlan, image: usize, first0: i32, first1: i32, first2: i32, copy: usize): void {
  const depth = plan.axis(0);
  const height = plan.axis(1);
  const width = plan.axis(WIDTH);
  const plane0 = firstSource(depth, first0);
  const row0 = firstSource(height, first1);
  const firstPlane = max(0, -plane0);
  const lastPlane = min(depth.copied, depth.source - plane0);
  const firstRow = max(0, -row0);
  const lastRow = min(height.copied, height.source - row0);
  const rowBytes = <usize>width.source << 2;
  const stride = width.sourceStride;
  for (let residue = 0; residue < plan.residues; residue++) {
    const column0 = firstSource(width, first2) + residue;
    const first = column0 < 0 ? ceilDiv(-column0, stride) : 0;
    const last = min(plan.residuePitch >> 2, ceilDiv(max(0, width.source - column0), stride));
    const inCopy = copy + <usize>(residue * plan.residuePitch + (first << 2));
    for (let channel = 0; channel < plan.sourceChannels; channel++) {
      const source = image + (<usize>(channel * plan.sourceVolume + column0 + first * stride) << 2);
      const target = inCopy + <usize>(channel * plan.channelPitch);
      for (let plane = firstPlane; plane < lastPlane; plane++) {
        if (!isRead(depth, plane)) continue;
        let sourceRow = source + <usize>((plane0 + plane) * height.source + row0 + firstRow) * rowBytes;
        let targetRow = target + <usize>(plane * plan.planePitch + firstRow * plan.rowPitch);
        for (let row = firstRow; row < lastRow; row++) {
          if (isRead(height, row)) copyRun(sourceRow, stride, last - first, targetRow);
          sourceRow += rowBytes;
          targetRow += plan.rowPitch;
        }
      }
    }
  }
}

/** Source position, perhaps outside, of the copy's first when the block begins at target j = `first`. */
@inline
function firstSource(axis: ConvAxis, first: i32): i32 {
  return first * axis.sourceStride - axis.lead;
}

/** Whether a position of the copy is read at all: windows smaller than their stride leave gaps. */
@inline
function isRead(axis: ConvAxis, position: i32): bool {
  return axis.extent >= axis.sourceStride || position % axis.sourceStride < axis.extent;
}

/** Copies `count` floats that lie `stride` apart. */
@inline
function copyRun(source: usize, stride: i32, count: i32, target: usize): void {
  let i = 0;
  if (stride == 1) {
    for (; i + 4 <= count; i += 4) v128.store(target + (i << 2), v128.load(source + (i << 2)));
  } else if (stride == 2) {
    for (; i + 4 <= count; i += 4) {
      const low = v128.load(source + (i << 3));
      const high = v128.load(source + (i << 3), 16);
      v128.store(target + (i << 2), v128.shuffle<f32>(low, high, 0, 2, 4, 6));
    }
  }
  for (; i < count; i++) f32.store(target + (i << 2), f32.load(source + <usize>((i * stride) << 2)));
}
