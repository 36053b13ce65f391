/**
 * @file Direct convolution, forward and input gradient, for any stride, padding, dilation and groups.
 *
 *   y[n, o, p] = act(bias[o] + Σ_{i, t} weight[o, i, t] · x[n, i, p·stride + t·dilation − padding])
 *   ∂x[n, i, q] = Σ over all (o, p, t) that reach q of weight[o, i, t] · ∂y[n, o, p]
 *
 * Padding is zeros that take part: 0 · ∞ = NaN. Geometry: see convGeometry.ts; how both passes are one: see convPlan.ts.
 *
 * Phases, here for the forward pass; those of the input gradient are named convInputGrad…
 *   convForwardPlan(geometry, plan)    plan: `convForwardPlanBytes(geometry)` bytes
 *   convForwardPrepare(plan, weight, bias, workspace, …)   a task packs the weights of 12 target channels
 *   convForward(plan, x, relu, y, workspace, scratch, …)   a task computes one block of one image for some target channels
 *
 * A task copies what its block reads into scratch and multiplies panels of weights with quads of four neighbouring targets
 * (gemmTile.ts). Unit windows that move by one read x itself: a plain matrix product.
 */
import { copyBlock } from './convCopy';
import { ConvGeometry, WIDTH } from './convGeometry';
import { ConvClass, ConvPlan, correlationPlanBytes, panelRowBytes, planCorrelation } from './convPlan';
import { multiplyPanel, paddedRows, panelRows, STRIP_ROWS, TILE_BYTES, TileRun } from './gemmTile';
import { alignBytes, ceilDiv } from './plan';

/**
 * Quads multiplied by one panel before the next panel's turn: the panel (14 KB for 64 channels of 3×3) and the sources of
 * 128 targets share the first-level cache.
 */
const QUADS: i32 = 32;

/**
 * Where in scratch: the run, what its sums start from, addresses of tiles for what can't be written as it is, the tiles, then
 * three lists over the block's quads (address of the sources, address of the targets, how many of its four targets exist),
 * then the copy.
 */
const RUN: i32 = 0;
const INIT: i32 = 64;
const TILES: i32 = 128;
const TILE_AREA: i32 = TILES + QUADS * 4;
const LISTS: i32 = TILE_AREA + (QUADS / 2) * TILE_BYTES;

export function convForwardPlanBytes(geometry: usize): i32 {
  return correlationPlanBytes(changetype<ConvGeometry>(geometry), false);
}

export function convForwardPlan(geometry: usize, plan: usize): void {
  planPass(plan, geometry, false);
}

/** Packs weight and bias; `bias` is 0 where there is none. */
export function convForwardPrepare(
  plan: usize,
  weight: usize,
  bias: usize,
  workspace: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  packWeights(changetype<ConvPlan>(plan), weight, bias, workspace, firstTask, lastTask);
}

/** Convolves; `relu` is 1 for max(·, 0). */
export function convForward(
  plan: usize,
  x: usize,
  relu: i32,
  y: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  correlate(changetype<ConvPlan>(plan), x, relu ? 0 : -Infinity, y, workspace, scratch, firstTask, lastTask);
}

export function convInputGradPlanBytes(geometry: usize): i32 {
  return correlationPlanBytes(changetype<ConvGeometry>(geometry), true);
}

export function convInputGradPlan(geometry: usize, plan: usize): void {
  planPass(plan, geometry, true);
}

export function convInputGradPrepare(plan: usize, weight: usize, workspace: usize, firstTask: i32, lastTask: i32): void {
  packWeights(changetype<ConvPlan>(plan), weight, 0, workspace, firstTask, lastTask);
}

/** Gathers the cotangent (of y's shape) into a gradient of x's shape. */
export function convInputGrad(
  plan: usize,
  cotangent: usize,
  inputGrad: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  correlate(changetype<ConvPlan>(plan), cotangent, -Infinity, inputGrad, workspace, scratch, firstTask, lastTask);
}

function planPass(address: usize, geometry: usize, inputGrad: bool): void {
  const plan = changetype<ConvPlan>(address);
  planCorrelation(plan, changetype<ConvGeometry>(geometry), inputGrad);
  plan.scratchBytes = LISTS + <i32>quadListBytes(plan) * 3 + alignBytes(plan.copyBytes + 64);
}

/** Bytes of one list over a block's quads, the pair of an odd last one included. */
@inline
function quadListBytes(plan: ConvPlan): usize {
  return alignBytes((plan.axis(0).block * plan.axis(1).block * ceilDiv(plan.axis(WIDTH).block, 4) + 1) * 4);
}

/** Packs the weights of 12 target channels of one group, for every class; a task per strip. */
function packWeights(plan: ConvPlan, weight: usize, bias: usize, workspace: usize, firstTask: i32, lastTask: i32): void {
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
function panelAt(plan: ConvPlan, entry: ConvClass, workspace: usize, group: i32, row: i32): usize {
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

/** Runs tasks; a task is (image, group, block, chunk of target channels), the last running fastest. */
function correlate(
  plan: ConvPlan,
  source: usize,
  floor: f32,
  target: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const quads = scratch + LISTS;
  const copy = quads + quadListBytes(plan) * 3;
  changetype<TileRun>(scratch + RUN).floor = floor;
  for (let quad = 0; quad < QUADS; quad++) {
    const tile = scratch + TILE_AREA + <usize>((quad >> 1) * TILE_BYTES + (quad & 1) * 16);
    store<usize>(scratch + TILES + <usize>(quad << 2), tile);
  }
  for (let task = firstTask; task < lastTask; task++) {
    const firstRow = (task % plan.rowChunks) * plan.rowChunk;
    const lastRow = min(firstRow + plan.rowChunk, plan.targetChannels);
    let rest = task / plan.rowChunks;
    const first2 = (rest % plan.axis(2).blocks) * plan.axis(2).block;
    rest /= plan.axis(2).blocks;
    const first1 = (rest % plan.axis(1).blocks) * plan.axis(1).block;
    rest /= plan.axis(1).blocks;
    const first0 = (rest % plan.axis(0).blocks) * plan.axis(0).block;
    rest /= plan.axis(0).blocks;
    const image = source + (<usize>(rest * plan.sourceChannels) * plan.sourceVolume << 2);
    const output = target + (<usize>(rest * plan.targetChannels) * plan.targetVolume << 2);
    let base = image + (<usize>first2 << 2);
    if (plan.copies) {
      copyBlock(plan, image, first0, first1, first2, copy);
      base = copy;
    }
    for (let index = 0; index < plan.classes; index++) {
      const entry = plan.class(index);
      const count = listQuads(plan, entry, base, output, first0, first1, first2, quads);
      for (let quad = 0; quad < count; quad += QUADS) {
        const chunk = quads + (<usize>quad << 2);
        multiplyQuads(plan, entry, rest % plan.groups, firstRow, lastRow, chunk, min(QUADS, count - quad), workspace, scratch);
      }
    }
  }
}

/** Targets of the class inside a block along one axis. */
@inline
function countInside(plan: ConvPlan, entry: ConvClass, axis: i32, first: i32): i32 {
  return min(plan.axis(axis).block, entry.count(axis) - first);
}

/**
 * Lists the block's quads: returns how many. Where rows of four or more can be written as they are, the last quad of a row
 * is moved back onto its predecessor instead of reaching past the row: the targets it computes twice get the same bits twice.
 * An odd last quad is paired with itself.
 */
function listQuads(
  plan: ConvPlan,
  entry: ConvClass,
  base: usize,
  output: usize,
  first0: i32,
  first1: i32,
  first2: i32,
  quads: usize,
): i32 {
  const depth = plan.axis(0);
  const height = plan.axis(1);
  const width = plan.axis(2);
  const count0 = countInside(plan, entry, 0, first0);
  const count1 = countInside(plan, entry, 1, first1);
  const count2 = countInside(plan, entry, 2, first2);
  const overlap = width.targetStride == 1 && count2 >= 4;
  const listBytes = quadListBytes(plan);
  let quad = quads;
  for (let j0 = 0; j0 < count0; j0++) {
    const target0 = (entry.first0 + (first0 + j0) * depth.targetStride) * height.target;
    for (let j1 = 0; j1 < count1; j1++) {
      const target1 = (target0 + entry.first1 + (first1 + j1) * height.targetStride) * width.target;
      const row = base + <usize>(j0 * depth.sourceStride * plan.planePitch + j1 * height.sourceStride * plan.rowPitch);
      for (let j2 = 0; j2 < count2; j2 += 4) {
        const j = overlap ? min(j2, count2 - 4) : j2;
        const position = target1 + entry.first2 + (first2 + j) * width.targetStride;
        store<usize>(quad, row + (<usize>j << 2));
        store<usize>(quad + listBytes, output + (<usize>position << 2));
        store<i32>(quad + listBytes * 2, min(4, count2 - j));
        quad += 4;
      }
    }
  }
  if (((quad - quads) >> 2) & 1) {
    store<usize>(quad, load<usize>(quad - 4));
    store<usize>(quad + listBytes, load<usize>(quad - 4 + listBytes));
    store<i32>(quad + listBytes * 2, load<i32>(quad - 4 + listBytes * 2));
    quad += 4;
  }
  return <i32>(quad - quads) >> 2;
}

/** Multiplies the panels of target channels [firstRow, lastRow) with `count` quads, at most QUADS. */
function multiplyQuads(
  plan: ConvPlan,
  entry: ConvClass,
  group: i32,
  firstRow: i32,
  lastRow: i32,
  quads: usize,
  count: i32,
  workspace: usize,
  scratch: usize,
): void {
  const run = changetype<TileRun>(scratch + RUN);
  const listBytes = quadListBytes(plan);
  const width = plan.axis(WIDTH);
  const channelStride = <usize>plan.targetVolume << 2;
  const direct = width.targetStride == 1 && load<i32>(quads + listBytes * 2) == 4 && load<i32>(quads + listBytes * 2 + ((count - 1) << 2)) == 4;
  run.depth = entry.depth;
  run.offsets = changetype<usize>(plan) + entry.sourceOffsets;
  run.pairs = count >> 1;
  run.sources = quads;
  run.inits = scratch + INIT;
  run.initStep = 0;
  run.initShift = 0;
  run.initStride = 16;
  for (let row = firstRow; row < lastRow; ) {
    const rows = panelRows(row, plan.targetChannels);
    const validRows = min(rows, plan.targetChannels - row);
    const panel = panelAt(plan, entry, workspace, group, row);
    const channel = <usize>row * channelStride;
    const whole = direct && validRows == rows;
    store<usize>(scratch + INIT, panel);
    store<usize>(scratch + INIT, panel, 4);
    run.targets = whole ? quads + listBytes : scratch + TILES;
    run.targetShift = whole ? channel : 0;
    run.targetStride = whole ? channelStride : 32;
    multiplyPanel(rows, panel + (rows << 4), run);
    if (!whole) {
      for (let quad = 0; quad < count; quad++) {
        const entryOf = quads + (<usize>quad << 2);
        const tile = load<usize>(scratch + TILES + (<usize>quad << 2));
        const target = load<usize>(entryOf + listBytes) + channel;
        scatterQuad(tile, validRows, load<i32>(entryOf + listBytes * 2), target, channelStride, <usize>width.targetStride << 2);
      }
    }
    row += rows;
  }
}

/** Writes the existing targets of one half of a tile to where they belong. */
function scatterQuad(tile: usize, rows: i32, lanes: i32, target: usize, rowStride: usize, laneStride: usize): void {
  for (let row = 0; row < rows; row++) {
    let cell = target;
    for (let lane = 0; lane < lanes; lane++) {
      f32.store(cell, f32.load(tile + (lane << 2)));
      cell += laneStride;
    }
    tile += 32;
    target += rowStride;
  }
}
