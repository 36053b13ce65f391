/**
 * @file What the passes of a depthwise convolution share: the plan, and the copy of a band with zeros around it.
 *
 * Such a convolution maps every plane (image, channel, depth) to one of its own. A **band** is the part of a plane whose
 * targets a task computes at a time: some whole rows.
 */
import { ConvGeometry } from './convGeometry';
import { alignBytes, ceilDiv, Plan } from './plan';

/** Cells of a window of 3×3. */
export const TAPS: i32 = 9;

/** A band's copy stays within the first-level cache, beside its targets. */
const COPY_BYTES: i32 = 24 * 1024;

@unmanaged
export class DepthwisePlan extends Plan {
  batch: i32;
  channels: i32;
  depth: i32;
  sourceHeight: i32;
  sourceWidth: i32;
  targetHeight: i32;
  targetWidth: i32;
  paddingHeight: i32;
  paddingWidth: i32;
  /** Rows of targets in a band, and bands in a plane. */
  band: i32;
  bands: i32;
  /** Bytes between rows of the copy, and of all its rows. */
  pitch: i32;
  copyBytes: i32;
  /** The weight gradient's alone: into how many sums the batch is cut, and the channels. */
  parts: i32;
  chunks: i32;

  /** Rows of targets in the band that begins at row `first`. */
  @inline
  rowsFrom(first: i32): i32 {
    return min(this.band, this.targetHeight - first);
  }

  /** Bytes from a storage's start to row `row` of a plane of sources. */
  @inline
  sourceRow(plane: i32, row: i32): usize {
    return <usize>((plane * this.sourceHeight + row) * this.sourceWidth) << 2;
  }

  @inline
  targetRow(plane: i32, row: i32): usize {
    return <usize>((plane * this.targetHeight + row) * this.targetWidth) << 2;
  }
}

/**
 * Fills in all but the tasks. The input gradient with padding p is a convolution of the cotangent with padding 2 − p by the
 * flipped window.
 */
export function planBands(plan: DepthwisePlan, geometry: ConvGeometry, inputGrad: bool): void {
  plan.batch = geometry.batch;
  plan.channels = geometry.inChannels;
  plan.depth = geometry.input0;
  plan.sourceHeight = inputGrad ? geometry.output1 : geometry.input1;
  plan.sourceWidth = inputGrad ? geometry.output2 : geometry.input2;
  plan.targetHeight = inputGrad ? geometry.input1 : geometry.output1;
  plan.targetWidth = inputGrad ? geometry.input2 : geometry.output2;
  plan.paddingHeight = inputGrad ? 2 - geometry.padding1 : geometry.padding1;
  plan.paddingWidth = inputGrad ? 2 - geometry.padding2 : geometry.padding2;
  // Two columns more than targets, after rounding those up to whole vectors.
  plan.pitch = (ceilDiv(plan.targetWidth, 4) + 1) * 16;
  plan.band = min(plan.targetHeight, max(1, COPY_BYTES / plan.pitch - 2));
  plan.bands = ceilDiv(plan.targetHeight, plan.band);
  plan.copyBytes = alignBytes((plan.band + 2) * plan.pitch);
}

/** Copies the sources of a band, two rows more than it has targets; `fresh` where the zeros around them aren't there yet. */
export function copyBand(plan: DepthwisePlan, source: usize, plane: i32, first: i32, fresh: bool, copy: usize): void {
  if (fresh) memory.fill(copy, 0, plan.copyBytes);
  const row0 = first - plan.paddingHeight;
  const firstRow = max(0, row0);
  const lastRow = min(plan.sourceHeight, row0 + plan.rowsFrom(first) + 2);
  const to = copy + <usize>((firstRow - row0) * plan.pitch + (plan.paddingWidth << 2));
  copyRows(source + plan.sourceRow(plane, firstRow), plan.sourceWidth, lastRow - firstRow, to, plan.pitch);
}

/** Copies dense rows of at least four floats to rows `pitch` bytes apart; a row's last vector may overlap the one before. */
export function copyRows(source: usize, width: i32, rows: i32, target: usize, pitch: usize): void {
  const last = <usize>(width - 4) << 2;
  for (; rows > 0; rows--) {
    for (let i: usize = 0; i < last; i += 16) v128.store(target + i, v128.load(source + i));
    v128.store(target + last, v128.load(source + last));
    source += <usize>width << 2;
    target += pitch;
  }
}

/**
 * True for the address of a row. It makes what depends on it a block of its own, and that keeps sums or weights in registers:
 * an engine moves all loads of a block to its beginning, and nine sources beside nine sums are more than there are registers.
 */
@inline
export function inBlock(row: usize): bool {
  return row != 0;
}
