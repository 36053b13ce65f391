/**
 * @file One plan for every convolution: forward and input gradient are the same sum over a lattice of target positions.
 *
 * Along each axis the targets t = first + j·targetStride, j = 0, 1, …, form a class and read the sources
 *
 *   s = j·sourceStride + offset − lead,   one offset ≥ 0 per tap of the class.
 *
 * Forward there is one class: target = output, source = x, sourceStride = stride, offset = tap·dilation, lead = padding.
 *
 * The input gradient gathers from the cotangent. Output o reaches input i through tap t if i + padding = o·stride + t·dilation,
 * so the inputs fall into `stride` classes by (i + padding) mod stride, each with the taps of the same residue: i and o move
 * together along a class, sourceStride = 1, targetStride = stride. Stride 1 gives one class: the familiar convolution with
 * the flipped, transposed weight.
 *
 * A task copies the block of the source that it reads into its scratch, zeros around it, with the columns dealt out by their
 * residue modulo sourceStride (`convCopy.ts`). Then every tap of every target is `offsets[k]` bytes behind the target's own
 * position, whatever the stride. Unit windows are copied, too: channels powers of two apart evict one another from the cache.
 */
import { chooseBlocks, chooseRowChunks } from './convBlocks';
import { AXES, ConvGeometry, WIDTH } from './convGeometry';
import { paddedRows, STRIP_ROWS } from './gemmTile';
import { alignBytes, ceilDiv, Plan } from './plan';

@unmanaged
export class ConvAxis {
  source: i32;
  target: i32;
  sourceStride: i32;
  targetStride: i32;
  lead: i32;
  /** Source positions that one target may reach: the greatest offset + 1. */
  extent: i32;
  /** Positions j of the longest class, in blocks of `block`. */
  count: i32;
  block: i32;
  blocks: i32;

  /** Source positions that a whole block reads. */
  get copied(): i32 {
    return (this.block - 1) * this.sourceStride + this.extent;
  }
}

/** Target positions of one residue per axis. */
@unmanaged
export class ConvClass {
  residue0: i32;
  residue1: i32;
  residue2: i32;
  first0: i32;
  first1: i32;
  first2: i32;
  count0: i32;
  count1: i32;
  count2: i32;
  /** Products per target: source channels times the class's taps. */
  depth: i32;
  /** Where in the plan: byte offsets into the copy, and into a row of the weight, per product. */
  sourceOffsets: i32;
  weightOffsets: i32;
  /** Where in the workspace: the packed weights. */
  panels: i32;

  residue(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvClass>('residue0'));
  }
  first(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvClass>('first0'));
  }
  count(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + (axis << 2), offsetof<ConvClass>('count0'));
  }
}

@unmanaged
export class ConvPlan extends Plan {
  batch: i32;
  groups: i32;
  /** Channels of one group. */
  sourceChannels: i32;
  targetChannels: i32;
  sourceVolume: i32;
  targetVolume: i32;
  /** Bytes between two target channels' weights, and two groups' weights. */
  weightRow: i32;
  weightGroup: i32;
  classes: i32;
  /** Target channels per task, a multiple of STRIP_ROWS unless it is all of them. */
  rowChunk: i32;
  rowChunks: i32;
  /** Runs per row of the copy: see convCopy.ts. */
  residues: i32;
  /** Bytes in the copy between runs, rows, planes, channels; bytes of all channels. */
  residuePitch: i32;
  rowPitch: i32;
  planePitch: i32;
  channelPitch: i32;
  copyBytes: i32;
  /** The weight gradient's alone: see convWeightGrad.ts. */
  parts: i32;
  visit: i32;
  panels: i32;
  panelChunk: i32;
  panelChunks: i32;

  axis(axis: i32): ConvAxis {
    return changetype<ConvAxis>(changetype<usize>(this) + offsetof<ConvPlan>() + axis * offsetof<ConvAxis>());
  }
  class(index: i32): ConvClass {
    return changetype<ConvClass>(
      changetype<usize>(this) + offsetof<ConvPlan>() + AXES * offsetof<ConvAxis>() + index * offsetof<ConvClass>(),
    );
  }
  get blocks(): i32 {
    return this.axis(0).blocks * this.axis(1).blocks * this.axis(2).blocks;
  }
}

/** Classes of target positions: one per residue of the input gradient. */
function classCount(geometry: ConvGeometry, inputGrad: bool): i32 {
  return inputGrad ? geometry.stride0 * geometry.stride1 * geometry.stride2 : 1;
}

/** Bytes of a plan: fields, axes, classes, and two offsets for every product of every class. */
export function correlationPlanBytes(geometry: ConvGeometry, inputGrad: bool): i32 {
  const sourceChannels = inputGrad ? geometry.outPerGroup : geometry.inPerGroup;
  return (
    offsetof<ConvPlan>() +
    AXES * offsetof<ConvAxis>() +
    classCount(geometry, inputGrad) * offsetof<ConvClass>() +
    8 * sourceChannels * geometry.taps
  );
}

/** Fills in a plan, blocks for `wantedTasks` and all. */
export function planCorrelation(plan: ConvPlan, geometry: ConvGeometry, inputGrad: bool): void {
  plan.batch = geometry.batch;
  plan.groups = geometry.groups;
  plan.sourceChannels = inputGrad ? geometry.outPerGroup : geometry.inPerGroup;
  plan.targetChannels = inputGrad ? geometry.inPerGroup : geometry.outPerGroup;
  plan.sourceVolume = inputGrad ? geometry.outputVolume : geometry.inputVolume;
  plan.targetVolume = inputGrad ? geometry.inputVolume : geometry.outputVolume;
  plan.weightGroup = geometry.outPerGroup * geometry.inPerGroup * geometry.taps * 4;
  plan.weightRow = (inputGrad ? 1 : geometry.inPerGroup) * geometry.taps * 4;
  plan.classes = classCount(geometry, inputGrad);
  for (let axis = 0; axis < AXES; axis++) planAxis(plan.axis(axis), geometry, axis, inputGrad);
  if (isUnit(geometry)) flattenAxes(plan);
  chooseBlocks(plan);
  chooseRowChunks(plan);
  layOutCopy(plan);
  layOutClasses(plan, geometry, inputGrad);
  plan.prepareTasks = plan.groups * ceilDiv(plan.targetChannels, STRIP_ROWS);
  plan.tasks = plan.batch * plan.groups * plan.blocks * plan.rowChunks;
  plan.finishTasks = 0;
}

/** Whether every target reads the one source at its own position. */
function isUnit(geometry: ConvGeometry): bool {
  for (let axis = 0; axis < AXES; axis++) {
    if (geometry.kernel(axis) != 1 || geometry.stride(axis) != 1 || geometry.padding(axis) != 0) return false;
    if (geometry.input(axis) != geometry.output(axis)) return false;
  }
  return true;
}

/** Makes one long row of all positions: no row ends in the middle of a quad. */
function flattenAxes(plan: ConvPlan): void {
  for (let axis = 0; axis < AXES; axis++) {
    const flat = plan.axis(axis);
    const size = axis == WIDTH ? plan.sourceVolume : 1;
    flat.source = size;
    flat.target = size;
    flat.count = size;
  }
}

function planAxis(axis: ConvAxis, geometry: ConvGeometry, index: i32, inputGrad: bool): void {
  const stride = geometry.stride(index);
  axis.source = inputGrad ? geometry.output(index) : geometry.input(index);
  axis.target = inputGrad ? geometry.input(index) : geometry.output(index);
  axis.sourceStride = inputGrad ? 1 : stride;
  axis.targetStride = inputGrad ? stride : 1;
  axis.count = ceilDiv(axis.target, axis.targetStride);
  let lead = i32.MIN_VALUE;
  let greatest = i32.MIN_VALUE;
  for (let tap = 0; tap < geometry.kernel(index); tap++) {
    const shift = tapShift(geometry, index, tap, inputGrad);
    lead = max(lead, -shift);
    greatest = max(greatest, shift);
  }
  axis.lead = lead;
  axis.extent = greatest + lead + 1;
}

/** Source position that target j = 0 of the tap's class reads through it: may be negative. */
function tapShift(geometry: ConvGeometry, index: i32, tap: i32, inputGrad: bool): i32 {
  const reach = tap * geometry.dilation(index);
  const padding = geometry.padding(index);
  if (!inputGrad) return reach - padding;
  const stride = geometry.stride(index);
  return (firstOfResidue(geometry, index, reach % stride) + padding - reach) / stride;
}

/** Residue class to which a tap belongs. */
function tapResidue(geometry: ConvGeometry, index: i32, tap: i32, inputGrad: bool): i32 {
  return inputGrad ? (tap * geometry.dilation(index)) % geometry.stride(index) : 0;
}

/** Smallest input position i with (i + padding) mod stride = residue. */
function firstOfResidue(geometry: ConvGeometry, index: i32, residue: i32): i32 {
  const stride = geometry.stride(index);
  return (residue + stride - (geometry.padding(index) % stride)) % stride;
}

function layOutCopy(plan: ConvPlan): void {
  const width = plan.axis(WIDTH);
  plan.residues = min(width.sourceStride, width.extent);
  plan.residuePitch = (width.block + (width.extent - 1) / width.sourceStride) * 4;
  plan.rowPitch = plan.residuePitch * plan.residues;
  plan.planePitch = plan.rowPitch * plan.axis(1).copied;
  // An odd number of cache lines: at a power of two all channels would fall into the same few sets of the cache.
  plan.channelPitch = alignBytes(plan.planePitch * plan.axis(0).copied) | 64;
  plan.copyBytes = plan.channelPitch * plan.sourceChannels;
}

/** Where in the copy the sources of target j lie for a shift along one axis, in bytes. */
function shiftedBytes(plan: ConvPlan, index: i32, shift: i32): i32 {
  const axis = plan.axis(index);
  const offset = shift + axis.lead;
  if (index == 0) return offset * plan.planePitch;
  if (index == 1) return offset * plan.rowPitch;
  return (offset % axis.sourceStride) * plan.residuePitch + (offset / axis.sourceStride) * 4;
}

/** Fills in the classes, their tables of offsets, and the places of their packed weights. */
function layOutClasses(plan: ConvPlan, geometry: ConvGeometry, inputGrad: bool): void {
  const strideHeight = plan.axis(1).targetStride;
  const strideWidth = plan.axis(2).targetStride;
  const paddedChannels = paddedRows(plan.targetChannels);
  let table = offsetof<ConvPlan>() + AXES * offsetof<ConvAxis>() + plan.classes * offsetof<ConvClass>();
  let panels = 0;
  for (let index = 0; index < plan.classes; index++) {
    const entry = plan.class(index);
    entry.residue0 = index / (strideHeight * strideWidth);
    entry.residue1 = (index / strideWidth) % strideHeight;
    entry.residue2 = index % strideWidth;
    for (let axis = 0; axis < AXES; axis++) placeClass(plan.axis(axis), entry, geometry, inputGrad, axis);
    entry.sourceOffsets = table;
    entry.weightOffsets = table + plan.sourceChannels * geometry.taps * 4;
    entry.depth = writeOffsets(plan, entry, geometry, inputGrad);
    table += entry.depth * 4;
    entry.panels = panels;
    panels += plan.groups * paddedChannels * panelRowBytes(entry);
  }
  plan.workspaceBytes = alignBytes(panels);
}

/** Bytes of one row of a packed panel: what its sums start from, four times over, then its weights. */
@inline
export function panelRowBytes(entry: ConvClass): i32 {
  return 16 + entry.depth * 4;
}

/** Sets where a class begins along one axis and how many targets it has. */
function placeClass(axis: ConvAxis, entry: ConvClass, geometry: ConvGeometry, inputGrad: bool, index: i32): void {
  const first = inputGrad ? firstOfResidue(geometry, index, entry.residue(index)) : 0;
  const fields = changetype<usize>(entry) + (index << 2);
  store<i32>(fields, first, offsetof<ConvClass>('first0'));
  store<i32>(fields, first < axis.target ? ceilDiv(axis.target - first, axis.targetStride) : 0, offsetof<ConvClass>('count0'));
}

/**
 * Lists the class's products, source channel by channel and tap by tap: as byte offsets into the copy, and as byte offsets
 * into the weights of one target channel. Returns how many there are.
 */
function writeOffsets(plan: ConvPlan, entry: ConvClass, geometry: ConvGeometry, inputGrad: bool): i32 {
  const sources = changetype<usize>(plan) + entry.sourceOffsets;
  const weights = changetype<usize>(plan) + entry.weightOffsets;
  const channelBytes = geometry.taps * 4 * (inputGrad ? geometry.inPerGroup : 1);
  let depth = 0;
  for (let channel = 0; channel < plan.sourceChannels; channel++) {
    for (let tap0 = 0; tap0 < geometry.kernel0; tap0++) {
      if (tapResidue(geometry, 0, tap0, inputGrad) != entry.residue0) continue;
      const plane = channel * plan.channelPitch + shiftedBytes(plan, 0, tapShift(geometry, 0, tap0, inputGrad));
      for (let tap1 = 0; tap1 < geometry.kernel1; tap1++) {
        if (tapResidue(geometry, 1, tap1, inputGrad) != entry.residue1) continue;
        const row = plane + shiftedBytes(plan, 1, tapShift(geometry, 1, tap1, inputGrad));
        for (let tap2 = 0; tap2 < geometry.kernel2; tap2++) {
          if (tapResidue(geometry, 2, tap2, inputGrad) != entry.residue2) continue;
          const tap = (tap0 * geometry.kernel1 + tap1) * geometry.kernel2 + tap2;
          store<i32>(sources + (depth << 2), row + shiftedBytes(plan, 2, tapShift(geometry, 2, tap2, inputGrad)));
          store<i32>(weights + (depth << 2), channel * channelBytes + tap * 4);
          depth++;
        }
      }
    }
  }
  return depth;
}
