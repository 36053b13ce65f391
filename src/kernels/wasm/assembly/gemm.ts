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
import { multiplyTile, paddedRows, panelRows, TILE_BYTES, TILE_COLUMNS } from './gemmTile';
import { alignBytes, ceilDiv, Plan } from './plan';

const BLOCK_ROWS: i32 = 96;
const BLOCK_COLUMNS: i32 = 256;
const BLOCK_DEPTH: i32 = 256;

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
  const rows = paddedRows(min(m, BLOCK_ROWS));
  gemm.scratchBytes = alignBytes(TILE_BYTES + rows * 16 + rows * min(k, BLOCK_DEPTH) * 4);
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
  const tile = scratch;
  const rowBias = tile + TILE_BYTES;
  const packedA = rowBias + <usize>(paddedRows(rows) * 16);
  splatRows(biasKind == BIAS_PER_ROW ? bias : 0, rows, rowBias);
  const cStride = <usize>gemm.n << 2;

  let step = 0;
  do {
    const depth = min(gemm.k - step, BLOCK_DEPTH);
    packRows(a + <usize>step * gemm.aColumn, gemm.aRow, gemm.aColumn, rows, depth, packedA);
    const floor: f32 = relu && step + depth == gemm.k ? 0 : -Infinity;
    for (let column = 0; column < columns; column += TILE_COLUMNS) {
      const b = panels + <usize>(column / TILE_COLUMNS) * panelBytes(gemm.k) + <usize>(step * TILE_COLUMNS * 4);
      for (let row = 0; row < rows; ) {
        const height = panelRows(row, rows);
        const target = c + <usize>row * cStride + (<usize>column << 2);
        const validRows = min(height, rows - row);
        const validColumns = min(columns - column, TILE_COLUMNS);
        const whole = validRows == height && validColumns == TILE_COLUMNS;
        const out = whole ? target : tile;
        const outStride = whole ? cStride : 32;
        let init = out;
        let initStride = outStride;
        let initNext: usize = 16;
        if (step > 0) {
          if (!whole) copyTile(target, cStride, tile, 32, validRows, validColumns);
        } else if (biasKind > BIAS_PER_ROW) {
          init = bias + (<usize>column << 2);
          initStride = 0;
        } else {
          init = rowBias + <usize>(row * 16);
          initStride = 16;
          initNext = 0;
        }
        const panel = packedA + <usize>row * depth * 4;
        multiplyTile(
          height, depth, panel, panelOffsets(plan), b, b + 16,
          init, init + initNext, initStride, floor, out, out + 16, outStride,
        );
        if (!whole) copyTile(tile, 32, target, cStride, validRows, validColumns);
        row += height;
      }
    }
    step += depth;
  } while (step < gemm.k);
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

function copyTile(source: usize, sourceStride: usize, target: usize, targetStride: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns << 2; column += 4) f32.store(target + column, f32.load(source + column));
    source += sourceStride;
    target += targetStride;
  }
}
