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
 * (gemmTile.ts). Unit windows that move by one make a plain matrix product of it, all positions being one row; groups of one
 * or two channels out, depthwise convolution among them, take tiles of a single row.
 */
import { copyBlock } from './convCopy';
import { ConvGeometry, WIDTH } from './convGeometry';
import { packWeights, panelAt } from './convPack';
import { ConvClass, ConvPlan, correlationPlanBytes, planCorrelation } from './convPlan';
import { multiplyPanel, panelRows, TILE_BYTES, TileRun } from './gemmTile';
import { alignBytes, ceilDiv } from './plan';

/**
 * Quads multiplied by one panel before the next panel's turn: the panel (14 KB for 64 channels of 3×3) and the sources of
 * 128 targets share the first-level cache.
 */
const QUADS: i32 = 32;

/**
 * Where in scratch: the run, what its sums start from, addresses of tiles for what can't be written as it is, the tiles; then
 * for every class three lists over the block's quads (address of the sources; bytes from the class's first target to the
 * quad's; how many of its four targets exist); then the copy.
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
  plan.scratchBytes = LISTS + plan.classes * listBytes(plan) * 3 + alignBytes(plan.copyBytes + 64);
}

/** Bytes of one list over a block's quads. */
@inline
function listBytes(plan: ConvPlan): i32 {
  return quadCount(plan.axis(0).block, plan.axis(1).block, plan.axis(WIDTH).block) * 4;
}

/** Quads of a block, rounded up to a multiple of four, as the narrowest tiles take them. */
@inline
function quadCount(count0: i32, count1: i32, count2: i32): i32 {
  return (max(0, count0) * max(0, count1) * ceilDiv(max(0, count2), 4) + 3) & ~3;
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
  const lists = scratch + LISTS;
  const copy = lists + plan.classes * listBytes(plan) * 3;
  changetype<TileRun>(scratch + RUN).floor = floor;
  for (let quad = 0; quad < QUADS; quad++) {
    const tile = scratch + TILE_AREA + <usize>((quad >> 1) * TILE_BYTES + (quad & 1) * 16);
    store<usize>(scratch + TILES + <usize>(quad << 2), tile);
  }
  for (let task = firstTask; task < lastTask; task++) {
    const firstRow = (task % plan.rowChunks) * plan.rowChunk;
    let rest = task / plan.rowChunks;
    const first2 = (rest % plan.axis(2).blocks) * plan.axis(2).block;
    rest /= plan.axis(2).blocks;
    const first1 = (rest % plan.axis(1).blocks) * plan.axis(1).block;
    rest /= plan.axis(1).blocks;
    const first0 = (rest % plan.axis(0).blocks) * plan.axis(0).block;
    rest /= plan.axis(0).blocks;
    const image = source + (<usize>(rest * plan.sourceChannels) * plan.sourceVolume << 2);
    const output = target + (<usize>(rest * plan.targetChannels) * plan.targetVolume << 2);
    // Where every image is one block, the zeros around it and the lists are the same for all tasks.
    const fresh = plan.blocks > 1 || task == firstTask;
    if (fresh) memory.fill(copy, 0, plan.copyBytes);
    copyBlock(plan, image, first0, first1, first2, copy);
    for (let index = 0; index < plan.classes; index++) {
      const entry = plan.class(index);
      const list = lists + <usize>(index * listBytes(plan) * 3);
      const count0 = min(plan.axis(0).block, entry.count0 - first0);
      const count1 = min(plan.axis(1).block, entry.count1 - first1);
      const count2 = min(plan.axis(2).block, entry.count2 - first2);
      if (fresh) listQuads(plan, copy, count0, count1, count2, list);
      multiplyQuads(
        plan, entry, rest % plan.groups, firstRow, min(firstRow + plan.rowChunk, plan.targetChannels),
        list, quadCount(count0, count1, count2), writesWhole(plan, count2),
        output + (<usize>firstTarget(plan, entry, first0, first1, first2) << 2), workspace, scratch,
      );
    }
  }
}

/** Whether rows are dense in the target and long enough to be written four at a time. */
@inline
function writesWhole(plan: ConvPlan, count2: i32): bool {
  return plan.axis(WIDTH).targetStride == 1 && count2 >= 4;
}

/** Position in a target channel of a block's first target of a class. */
function firstTarget(plan: ConvPlan, entry: ConvClass, first0: i32, first1: i32, first2: i32): i32 {
  const target0 = entry.first0 + first0 * plan.axis(0).targetStride;
  const target1 = entry.first1 + first1 * plan.axis(1).targetStride;
  const target2 = entry.first2 + first2 * plan.axis(2).targetStride;
  return (target0 * plan.axis(1).target + target1) * plan.axis(2).target + target2;
}

/**
 * Lists a block's quads. Where rows are written whole, the last quad of a row is moved back onto its predecessor instead of
 * reaching past the row: the targets it computes twice get the same bits twice. So does the last quad of the list, repeated
 * to fill a tile.
 */
function listQuads(plan: ConvPlan, copy: usize, count0: i32, count1: i32, count2: i32, list: usize): void {
  const depth = plan.axis(0);
  const height = plan.axis(1);
  const width = plan.axis(WIDTH);
  const whole = writesWhole(plan, count2);
  const bytes = <usize>listBytes(plan);
  const end = list + (quadCount(count0, count1, count2) << 2);
  for (let j0 = 0; j0 < count0; j0++) {
    for (let j1 = 0; j1 < count1; j1++) {
      const source = copy + <usize>(j0 * depth.sourceStride * plan.planePitch + j1 * height.sourceStride * plan.rowPitch);
      const target = (j0 * depth.targetStride * height.target + j1 * height.targetStride) * width.target;
      for (let j2 = 0; j2 < count2; j2 += 4) {
        const j = whole ? min(j2, count2 - 4) : j2;
        store<usize>(list, source + (<usize>j << 2));
        store<usize>(list + bytes, <usize>(target + j * width.targetStride) << 2);
        store<i32>(list + bytes * 2, min(4, count2 - j));
        list += 4;
      }
    }
  }
  for (; list < end; list += 4) {
    store<usize>(list, load<usize>(list - 4));
    store<usize>(list + bytes, load<usize>(list - 4 + bytes));
    store<i32>(list + bytes * 2, load<i32>(list - 4 + bytes * 2));
  }
}

/** Multiplies the panels of target channels [firstRow, lastRow) with a list of quads. */
function multiplyQuads(
  plan: ConvPlan,
  entry: ConvClass,
  group: i32,
  firstRow: i32,
  lastRow: i32,
  list: usize,
  count: i32,
  whole: bool,
  target: usize,
  workspace: usize,
  scratch: usize,
): void {
  const run = changetype<TileRun>(scratch + RUN);
  const bytes = <usize>listBytes(plan);
  const channelStride = <usize>plan.targetVolume << 2;
  const laneStride = <usize>plan.axis(WIDTH).targetStride << 2;
  run.depth = entry.depth;
  run.offsets = changetype<usize>(plan) + entry.sourceOffsets;
  run.inits = scratch + INIT;
  run.initStep = 0;
  run.initShift = 0;
  run.initStride = 16;
  for (; count > 0; count -= QUADS) {
    run.pairs = min(QUADS, count) >> 1;
    run.sources = list;
    for (let row = firstRow; row < lastRow; ) {
      const rows = panelRows(row, plan.targetChannels);
      const validRows = min(rows, plan.targetChannels - row);
      const panel = panelAt(plan, entry, workspace, group, row);
      const channel = target + <usize>row * channelStride;
      const direct = whole && validRows == rows;
      store<usize>(scratch + INIT, panel);
      store<usize>(scratch + INIT, panel, 4);
      run.targets = direct ? list + bytes : scratch + TILES;
      run.targetShift = direct ? channel : 0;
      run.targetStride = direct ? channelStride : 32;
      multiplyPanel(rows, panel + (rows << 4), run);
      if (!direct) scatterQuads(run, list + bytes, list + bytes * 2, validRows, channel, channelStride, laneStride);
      row += rows;
    }
    list += QUADS * 4;
  }
}

/** Writes the existing targets of a run's tiles to where they belong. */
function scatterQuads(
  run: TileRun,
  targets: usize,
  lanes: usize,
  rows: i32,
  channel: usize,
  channelStride: usize,
  laneStride: usize,
): void {
  for (let quad: usize = 0; quad < <usize>run.pairs << 3; quad += 4) {
    scatterQuad(
      load<usize>(run.targets + quad), rows, load<i32>(lanes + quad),
      channel + load<usize>(targets + quad), channelStride, laneStride,
    );
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
