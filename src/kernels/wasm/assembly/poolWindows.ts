/**
 * @file Walking over pooling windows, four neighbouring outputs at a time.
 *
 * `geometry` points to 19 i32: planes, then input, output, kernel, stride, padding, dilation, three each (depth, height,
 * width). A task of every pooling kernel is one plane, forward and backward, so no two tasks write the same cell.
 *
 * The windows of a block see the same cells of their kernel, its **taps**, as a list of byte offsets; padded cells are not
 * in the list, so no kernel has to mask anything. Outputs whose windows stick out on the left or right come one at a time.
 */
import { storeLanes } from './lanes';

@unmanaged
export class PoolGeometry {
  planes: i32;
  inputDepth: i32;
  inputHeight: i32;
  inputWidth: i32;
  outputDepth: i32;
  outputHeight: i32;
  outputWidth: i32;
  kernelDepth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideDepth: i32;
  strideHeight: i32;
  strideWidth: i32;
  paddingDepth: i32;
  paddingHeight: i32;
  paddingWidth: i32;
  dilationDepth: i32;
  dilationHeight: i32;
  dilationWidth: i32;

  @inline
  get inputPlane(): i32 {
    return this.inputDepth * this.inputHeight * this.inputWidth;
  }

  @inline
  get outputPlane(): i32 {
    return this.outputDepth * this.outputHeight * this.outputWidth;
  }

  /** Cells of a window. */
  @inline
  get taps(): i32 {
    return this.kernelDepth * this.kernelHeight * this.kernelWidth;
  }
}

/** Up to four windows of one row of outputs. */
@unmanaged
export class PoolBlock {
  /** Bytes from the storage's start to the first window's corner, and to its output. */
  input: usize;
  output: usize;
  /** Windows, 1 to 4, and floats between their corners; 0 where there is one, which then fills all lanes. */
  lanes: i32;
  stride: i32;
  /** Number of taps, and where their byte offsets from the corner are listed (i32). */
  taps: i32;
  offsets: usize;
  /** Cells of the window inside the padded input. */
  paddedCells: i32;
  /** Whether the taps come in rows of three neighbours. */
  rowsOf3: bool;
  /** Two areas of one vector per tap, and one vector. */
  values: usize;
  weights: usize;
  sum: usize;
  /** Where the walk is: the row of outputs, the first output behind this block, and the window's corner. */
  row: i32;
  column: i32;
  depth: i32;
  height: i32;
  /** The outputs whose windows don't stick out on the left or right. */
  interior: i32;
  interiorEnd: i32;
  /** First input of the plane. */
  plane: i32;

  /** Returns where tap `tap` of the first window lies in `storage`. */
  @inline
  at(storage: usize, tap: i32): usize {
    return storage + this.input + load<i32>(this.offsets + (<usize>tap << 2));
  }

  /** Returns tap `tap` of all windows. */
  @inline
  load(storage: usize, tap: i32): v128 {
    return loadLanes(this.at(storage, tap), this.stride);
  }

  @inline
  store(storage: usize, value: v128): void {
    storeLanes(storage + this.output, value, this.lanes);
  }

  /** Adds the vector that `weights` holds for each tap to that tap of all windows. */
  scatter(storage: usize): void {
    const corner = storage + this.input;
    const end = this.offsets + (<usize>this.taps << 2);
    let from = this.weights;
    if (this.lanes == 4 && this.rowsOf3 && this.stride <= 2) {
      for (let offset = this.offsets; offset < end; offset += 12) {
        addRowOf3(corner + load<i32>(offset), v128.load(from), v128.load(from, 16), v128.load(from, 32), this.stride);
        from += 48;
      }
      return;
    }
    for (let offset = this.offsets; offset < end; offset += 4) {
      addLanes(corner + load<i32>(offset), v128.load(from), this.stride, this.lanes);
      from += 16;
    }
  }
}

/** Beyond this stride, lanes without a window could be read from behind the storage's slack. */
const WIDEST_PARTIAL_STRIDE: i32 = 5;

/** Scratch of every pooling kernel: its state, the block, the tap list and the two areas. */
export function poolScratchBytes(geometry: PoolGeometry): i32 {
  return STATE_BYTES + BLOCK_BYTES + geometry.taps * 36 + 32;
}

/** Bytes at the start of the scratch that a kernel may use for itself. */
const STATE_BYTES: i32 = 64;
const BLOCK_BYTES: i32 = 128;

function loadLanes(address: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(address);
  if (stride == 2) return v128.shuffle<f32>(v128.load(address), v128.load(address, 16), 0, 2, 4, 6);
  if (stride == 0) return v128.load32_splat(address);
  const step = <usize>(stride << 2);
  let value = v128.load32_zero(address);
  value = v128.load32_lane(address + step, value, 1);
  value = v128.load32_lane(address + step * 2, value, 2);
  return v128.load32_lane(address + step * 3, value, 3);
}

function addLanes(address: usize, value: v128, stride: i32, lanes: i32): void {
  if (stride == 1 && lanes == 4) {
    v128.store(address, f32x4.add(v128.load(address), value));
    return;
  }
  const step = <usize>(stride << 2);
  f32.store(address, f32.load(address) + f32x4.extract_lane(value, 0));
  if (lanes > 1) f32.store(address + step, f32.load(address + step) + f32x4.extract_lane(value, 1));
  if (lanes > 2) f32.store(address + step * 2, f32.load(address + step * 2) + f32x4.extract_lane(value, 2));
  if (lanes > 3) f32.store(address + step * 3, f32.load(address + step * 3) + f32x4.extract_lane(value, 3));
}

/**
 * Adds three neighbouring taps of four windows that overlap or touch. What falls on one cell is added up in registers first:
 * a load that straddles a store just made has to wait for it.
 */
@inline
function addRowOf3(address: usize, a: v128, b: v128, c: v128, stride: i32): void {
  const zero = f32x4.splat(0);
  if (stride == 2) {
    const even = f32x4.add(a, v128.shuffle<f32>(zero, c, 0, 4, 5, 6));
    v128.store(address, f32x4.add(v128.load(address), v128.shuffle<f32>(even, b, 0, 4, 1, 5)));
    v128.store(address, f32x4.add(v128.load(address, 16), v128.shuffle<f32>(even, b, 2, 6, 3, 7)), 16);
    f32.store(address, f32.load(address, 32) + f32x4.extract_lane(c, 3), 32);
    return;
  }
  const first = f32x4.add(a, v128.shuffle<f32>(zero, b, 0, 4, 5, 6));
  const shared = f32x4.add(first, v128.shuffle<f32>(zero, c, 0, 1, 4, 5));
  v128.store(address, f32x4.add(v128.load(address), shared));
  const fifth = f32x4.extract_lane(b, 3) + f32x4.extract_lane(c, 2);
  f32.store(address, f32.load(address, 16) + fifth, 16);
  f32.store(address, f32.load(address, 20) + f32x4.extract_lane(c, 3), 20);
}

/** The first cell k of a window at `start` (may be negative) that isn't in the left padding. */
@inline
function firstInside(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** The end of the cells of a window at `start` that aren't in the right padding. */
@inline
function endInside(start: i32, kernel: i32, dilation: i32, size: i32): i32 {
  return start >= size ? 0 : min(kernel, (size - 1 - start) / dilation + 1);
}

/**
 * Calls `kernel.block` for all windows of plane `plane`, and `kernel.empty` for those without a cell. `scratch` is the
 * task's; K may keep itself in the first 64 bytes.
 */
@inline
export function forEachBlock<K>(kernel: K, g: PoolGeometry, plane: i32, scratch: usize): void {
  const block = beginPlane(g, plane, scratch);
  while (nextBlock(block, g)) {
    if (block.taps > 0) kernel.block(block);
    else kernel.empty(block);
  }
}

/** Returns a block that stands in front of the first of a plane. */
function beginPlane(g: PoolGeometry, plane: i32, scratch: usize): PoolBlock {
  const block = changetype<PoolBlock>(scratch + STATE_BYTES);
  block.offsets = scratch + STATE_BYTES + BLOCK_BYTES;
  block.values = (block.offsets + (<usize>g.taps << 2) + 15) & ~15;
  block.weights = block.values + (<usize>g.taps << 4);
  block.sum = block.weights + (<usize>g.taps << 4);
  const interior = min(g.outputWidth, (g.paddingWidth + g.strideWidth - 1) / g.strideWidth);
  const room = g.inputWidth - 1 - (g.kernelWidth - 1) * g.dilationWidth + g.paddingWidth;
  block.interior = interior;
  block.interiorEnd = room < 0 ? interior : max(interior, min(g.outputWidth, room / g.strideWidth + 1));
  block.plane = plane * g.inputPlane;
  block.output = <usize>(plane * g.outputPlane) << 2;
  block.lanes = 0;
  block.row = -1;
  block.column = g.outputWidth;
  return block;
}

/** Moves a block to the next windows; returns whether there are any. */
function nextBlock(block: PoolBlock, g: PoolGeometry): bool {
  block.output += <usize>block.lanes << 2;
  if (block.column == g.outputWidth) {
    const row = ++block.row;
    if (row == g.outputDepth * g.outputHeight) return false;
    const d = row / g.outputHeight;
    block.depth = d * g.strideDepth - g.paddingDepth;
    block.height = (row - d * g.outputHeight) * g.strideHeight - g.paddingHeight;
    block.column = 0;
  }
  const column = block.column;
  const width = column * g.strideWidth - g.paddingWidth;
  const inside = column >= block.interior && column < block.interiorEnd;
  if (!inside || column == block.interior) listTaps(block, g, block.depth, block.height, width);
  let lanes = 1;
  if (inside) {
    lanes = min(4, block.interiorEnd - column);
    if (lanes < 4 && g.strideWidth > WIDEST_PARTIAL_STRIDE) lanes = 1;
  }
  block.lanes = lanes;
  block.stride = lanes == 1 ? 0 : g.strideWidth;
  block.rowsOf3 = inside && g.kernelWidth == 3 && g.dilationWidth == 1;
  block.input = <usize>(block.plane + (block.depth * g.inputHeight + block.height) * g.inputWidth + width) << 2;
  block.column = column + lanes;
  return true;
}

/** Lists the taps of the window at (depth, height, width) that lie in the input. */
function listTaps(block: PoolBlock, g: PoolGeometry, depth: i32, height: i32, width: i32): void {
  const endDepth = endInside(depth, g.kernelDepth, g.dilationDepth, g.inputDepth);
  const endHeight = endInside(height, g.kernelHeight, g.dilationHeight, g.inputHeight);
  const endWidth = endInside(width, g.kernelWidth, g.dilationWidth, g.inputWidth);
  let at = block.offsets;
  for (let d = firstInside(depth, g.dilationDepth); d < endDepth; d++) {
    for (let h = firstInside(height, g.dilationHeight); h < endHeight; h++) {
      const row = (d * g.dilationDepth * g.inputHeight + h * g.dilationHeight) * g.inputWidth;
      for (let w = firstInside(width, g.dilationWidth); w < endWidth; w++) {
        store<i32>(at, (row + w * g.dilationWidth) << 2);
        at += 4;
      }
    }
  }
  block.taps = <i32>((at - block.offsets) >> 2);
  block.paddedCells =
    min(g.kernelDepth, g.inputDepth + g.paddingDepth - depth) *
    min(g.kernelHeight, g.inputHeight + g.paddingHeight - height) *
    min(g.kernelWidth, g.inputWidth + g.paddingWidth - width);
}

/** Clears a plane of a gradient before windows add to it. */
export function clearInputPlane(storage: usize, g: PoolGeometry, plane: i32): void {
  const bytes = <usize>g.inputPlane << 2;
  memory.fill(storage + <usize>plane * bytes, 0, bytes);
}
