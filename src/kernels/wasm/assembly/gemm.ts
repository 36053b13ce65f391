/**
 * @file Matrix multiplication, batched: C[i] = act(A[i] · B[i] + bias), C [m, n] row-major.
 *
 * A is [m, k], or [k, m] with `transposeA`; B is [k, n], or [n, k] with `transposeB`; all sizes may be 0.
 *
 * Phases
 *   gemmPlan(plan, …)           plan: `gemmPlanBytes()` bytes
 *   gemmPrepare(plan, b, …)     a task packs one panel of 8 columns of B into the workspace
 *   gemm(plan, a, bias, c, …)   a task computes one block of at most 96 × 256 outputs
 *
 * A block walks k in steps of 256, so that a panel of B (8 KB) stays in the first-level cache and the block of A (96 KB,
 * packed in scratch) in the second; later steps add onto C. The bias is what the sum starts from.
 */
import { packPanel } from './gemmPack';
import { multiplyPanel, paddedRows, panelRows, TILE_BYTES, TILE_COLUMNS, TileRun } from './gemmTile';
import { alignBytes, ceilDiv, Plan } from './plan';

const BLOCK_ROWS: i32 = 96;
const BLOCK_COLUMNS: i32 = 256;
const BLOCK_DEPTH: i32 = 256;

/** Columns that one panel of A meets before the next one's turn: four panels of B, 32 KB. */
const CHUNK_COLUMNS: i32 = 32;
const PAIRS: i32 = CHUNK_COLUMNS / TILE_COLUMNS;

/** Where in scratch: the run, its lists of addresses, tiles for what reaches past C's edge, then bias and panels of A. */
const RUN: i32 = 0;
const SOURCES: i32 = 64;
const BIASES: i32 = SOURCES + PAIRS * 8;
const TARGETS: i32 = BIASES + PAIRS * 8;
const TILES: i32 = TARGETS + PAIRS * 8;
const ROW_INIT: i32 = TILES + PAIRS * 8;
const TILE_AREA: i32 = (ROW_INIT + 8 + 63) & ~63;
const ROW_BIAS: i32 = TILE_AREA + PAIRS * TILE_BYTES;
const PACKED_A: i32 = ROW_BIAS + BLOCK_ROWS * 16;

/** Where the bias varies: `biasKind` of `gemm`. */
const BIAS_NONE: i32 = 0;
const BIAS_PER_ROW: i32 = 1;

@unmanaged
class GemmPlan extends Plan {
  m: i32;
  n: i32;
  k: i32;
  /** Bytes between two rows, between two columns, and between two matrices of the batch. */
  aRow: i32;
  aColumn: i32;
  aBatch: i32;
  bRow: i32;
  bColumn: i32;
  bBatch: i32;
  rowBlocks: i32;
  columnBlocks: i32;
}

/** Bytes of the plan: its fields, then the panel's offsets, k · 32. */
export function gemmPlanBytes(): i32 {
  return offsetof<GemmPlan>() + BLOCK_DEPTH * 4;
}

/**
 * Plans a product. `strideA` and `strideB` are the floats between two matrices of the batch: 0 where all share one.
 */
export function gemmPlan(
  plan: usize,
  batch: i32,
  m: i32,
  n: i32,
  k: i32,
  transposeA: i32,
  transposeB: i32,
  strideA: i32,
  strideB: i32,
): void {
  const gemm = changetype<GemmPlan>(plan);
  gemm.m = m;
  gemm.n = n;
  gemm.k = k;
  gemm.aRow = transposeA ? 4 : k * 4;
  gemm.aColumn = transposeA ? m * 4 : 4;
  gemm.aBatch = strideA * 4;
  gemm.bRow = transposeB ? 4 : n * 4;
  gemm.bColumn = transposeB ? k * 4 : 4;
  gemm.bBatch = strideB * 4;
  gemm.rowBlocks = ceilDiv(m, BLOCK_ROWS);
  gemm.columnBlocks = ceilDiv(n, BLOCK_COLUMNS);
  const panels = ceilDiv(n, TILE_COLUMNS);
  const packedMatrices = strideB ? batch : min(batch, 1);
  gemm.prepareTasks = packedMatrices * panels;
  gemm.tasks = batch * gemm.rowBlocks * gemm.columnBlocks;
  gemm.finishTasks = 0;
  gemm.workspaceBytes = gemm.prepareTasks * panelBytes(k);
  gemm.scratchBytes = alignBytes(PACKED_A + paddedRows(min(m, BLOCK_ROWS)) * min(k, BLOCK_DEPTH) * 4);
  for (let step = 0; step < BLOCK_DEPTH; step++) store<i32>(panelOffsets(plan) + step * 4, step * TILE_COLUMNS * 4);
}

@inline
function panelBytes(k: i32): i32 {
  return k * TILE_COLUMNS * 4;
}

@inline
function panelOffsets(plan: usize): usize {
  return plan + offsetof<GemmPlan>();
}

/** Packs B: task i is panel i mod ⌈n/8⌉ of matrix ⌊i / ⌈n/8⌉⌋. */
export function gemmPrepare(plan: usize, b: usize, workspace: usize, firstTask: i32, lastTask: i32): void {
  const gemm = changetype<GemmPlan>(plan);
  const panels = ceilDiv(gemm.n, TILE_COLUMNS);
  for (let task = firstTask; task < lastTask; task++) {
    const column = (task % panels) * TILE_COLUMNS;
    const source = b + <usize>(task / panels) * gemm.bBatch + <usize>column * gemm.bColumn;
    const lanes = min(gemm.n - column, TILE_COLUMNS);
    const panel = workspace + <usize>task * panelBytes(gemm.k);
    packPanel(source, gemm.bColumn, gemm.bRow, lanes, TILE_COLUMNS, gemm.k, panel);
  }
}

/**
 * Multiplies. A task is a block of C; blocks run along the columns, then the rows, then the batch.
 *
 * @param bias per row [m] or per column [n], as `biasKind` says: 0 none, 1 per row, 2 per column
 * @param relu 1 for max(·, 0), 0 for none
 */
export function gemm(
  plan: usize,
  a: usize,
  bias: usize,
  biasKind: i32,
  relu: i32,
  c: usize,
  workspace: usize,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const gemm = changetype<GemmPlan>(plan);
  for (let task = firstTask; task < lastTask; task++) {
    const column = (task % gemm.columnBlocks) * BLOCK_COLUMNS;
    const rowTask = task / gemm.columnBlocks;
    const row = (rowTask % gemm.rowBlocks) * BLOCK_ROWS;
    const matrix = rowTask / gemm.rowBlocks;
    const packed = gemm.bBatch ? workspace + <usize>matrix * ceilDiv(gemm.n, TILE_COLUMNS) * panelBytes(gemm.k) : workspace;
    multiplyBlock(
      plan,
      a + <usize>matrix * gemm.aBatch + <usize>row * gemm.aRow,
      packed + <usize>(column / TILE_COLUMNS) * panelBytes(gemm.k),
      biasKind == BIAS_NONE ? 0 : bias + (<usize>(biasKind == BIAS_PER_ROW ? row : column) << 2),
      biasKind,
      relu,
      c + ((<usize>(matrix * gemm.m + row) * gemm.n + column) << 2),
      min(gemm.m - row, BLOCK_ROWS),
      min(gemm.n - column, BLOCK_COLUMNS),
      scratch,
    );
  }
}

/** Computes one block of C from the rows of A at `a` and the panels of B at `panels`. */
function multiplyBlock(
  plan: usize,
  a: usize,
  panels: usize,
  bias: usize,
  biasKind: i32,
  relu: i32,
  c: usize,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  const gemm = changetype<GemmPlan>(plan);
  const run = changetype<TileRun>(scratch + RUN);
  const rowBias = scratch + ROW_BIAS;
  const packedA = scratch + PACKED_A;
  const cStride = <usize>gemm.n << 2;
  splatRows(biasKind == BIAS_PER_ROW ? bias : 0, rows, rowBias);

  let step = 0;
  do {
    const depth = min(gemm.k - step, BLOCK_DEPTH);
    packRows(a + <usize>step * gemm.aColumn, gemm.aRow, gemm.aColumn, rows, depth, packedA);
    run.depth = depth;
    run.offsets = panelOffsets(plan);
    run.floor = relu && step + depth == gemm.k ? 0 : -Infinity;
    for (let column = 0; column < columns; column += CHUNK_COLUMNS) {
      const chunk = min(CHUNK_COLUMNS, columns - column);
      const pairs = ceilDiv(chunk, TILE_COLUMNS);
      run.pairs = (pairs + 1) & ~1;
      for (let index = 0; index < run.pairs; index++) {
        // An odd last pair is listed twice: panels of one row want an even number.
        const pair = min(index, pairs - 1);
        const b = panels + <usize>(column / TILE_COLUMNS + pair) * panelBytes(gemm.k) + <usize>(step * TILE_COLUMNS * 4);
        storePair(scratch + SOURCES, index, b, 16);
        storePair(scratch + BIASES, index, bias + (<usize>(column + pair * TILE_COLUMNS) << 2), 16);
        storePair(scratch + TARGETS, index, c + (<usize>(column + pair * TILE_COLUMNS) << 2), 16);
        storePair(scratch + TILES, index, scratch + TILE_AREA + <usize>(pair * TILE_BYTES), 16);
      }
      run.sources = scratch + SOURCES;
      for (let row = 0; row < rows; ) {
        const height = panelRows(row, rows);
        const validRows = min(height, rows - row);
        const target = c + <usize>row * cStride + (<usize>column << 2);
        const whole = validRows == height && chunk % TILE_COLUMNS == 0;
        run.targets = scratch + (whole ? TARGETS : TILES);
        run.targetShift = whole ? <usize>row * cStride : 0;
        run.targetStride = whole ? cStride : 32;
        if (step > 0) {
          if (!whole) gatherTiles(target, cStride, validRows, chunk, scratch + TILE_AREA);
          run.inits = run.targets;
          run.initStep = 8;
          run.initShift = run.targetShift;
          run.initStride = run.targetStride;
        } else if (biasKind > BIAS_PER_ROW) {
          run.inits = scratch + BIASES;
          run.initStep = 8;
          run.initShift = 0;
          run.initStride = 0;
        } else {
          storePair(scratch + ROW_INIT, 0, rowBias, 0);
          run.inits = scratch + ROW_INIT;
          run.initStep = 0;
          run.initShift = <usize>(row * 16);
          run.initStride = 16;
        }
        if (height > 1) run.pairs = pairs;
        multiplyPanel(height, packedA + <usize>row * depth * 4, run);
        if (!whole) scatterTiles(scratch + TILE_AREA, validRows, chunk, target, cStride);
        row += height;
      }
    }
    step += depth;
  } while (step < gemm.k);
}

/** Stores the addresses of a pair of quads that lie `distance` bytes apart. */
@inline
function storePair(list: usize, pair: i32, address: usize, distance: usize): void {
  store<usize>(list + (pair << 3), address);
  store<usize>(list + (pair << 3), address + distance, 4);
}

/** Packs `rows` rows of A into panels, one behind the other. */
function packRows(a: usize, aRow: usize, aColumn: usize, rows: i32, depth: i32, packed: usize): void {
  for (let row = 0; row < rows; ) {
    const height = panelRows(row, rows);
    packPanel(a + aRow * row, aRow, aColumn, min(height, rows - row), height, depth, packed + <usize>row * depth * 4);
    row += height;
  }
}

/** Writes each row's bias four times over, or zeros where there is none: what the rows' sums start from. */
function splatRows(bias: usize, rows: i32, target: usize): void {
  const padded = paddedRows(rows);
  for (let row = 0; row < padded; row++) {
    v128.store(target + <usize>(row * 16), f32x4.splat(bias && row < rows ? f32.load(bias + (<usize>row << 2)) : 0));
  }
}

/** Copies a block of C into tiles, as far as it reaches. */
function gatherTiles(source: usize, sourceStride: usize, rows: i32, columns: i32, tiles: usize): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) f32.store(tileCell(tiles, row, column), f32.load(source + (column << 2)));
    source += sourceStride;
  }
}

/** Copies tiles into a block of C, as far as it reaches. */
function scatterTiles(tiles: usize, rows: i32, columns: i32, target: usize, targetStride: usize): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) f32.store(target + (column << 2), f32.load(tileCell(tiles, row, column)));
    target += targetStride;
  }
}

@inline
function tileCell(tiles: usize, row: i32, column: i32): usize {
  return tiles + <usize>((column / TILE_COLUMNS) * TILE_BYTES + row * 32 + (column % TILE_COLUMNS) * 4);
}
