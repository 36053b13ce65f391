/**
 * @file Windows laid out side by side, and the adjoint. See poolWindows.ts for `geometry` and tasks (planes).
 *
 *   unfold(x, windows, padValue, geometry, first, last)      windows [planes, D', H', W', kD·kH·kW]
 *   fold(windows, xGrad, geometry, first, last)              each cell sums its places in the windows
 */
import { fillRun } from './lanes';
import { clearInputPlane, PoolGeometry } from './poolWindows';

/** Address of the window's cell in an image, or 0 in the padding. */
@inline
function cell(image: usize, g: PoolGeometry, depth: i32, height: i32, width: i32): usize {
  // A negative coordinate is a huge unsigned one.
  const inside =
    <u32>depth < <u32>g.inputDepth && <u32>height < <u32>g.inputHeight && <u32>width < <u32>g.inputWidth;
  return inside ? image + (<usize>((depth * g.inputHeight + height) * g.inputWidth + width) << 2) : 0;
}

/** Visits every window's cells in order; K.visit(cell, window) gets both addresses, the first 0 in the padding. */
@inline
function forEachCell<K>(kernel: K, image: usize, windows: usize, g: PoolGeometry): void {
  for (let d = 0; d < g.outputDepth; d++) {
    for (let h = 0; h < g.outputHeight; h++) {
      for (let w = 0; w < g.outputWidth; w++) {
        for (let kd = 0; kd < g.kernelDepth; kd++) {
          const depth = d * g.strideDepth - g.paddingDepth + kd * g.dilationDepth;
          for (let kh = 0; kh < g.kernelHeight; kh++) {
            const height = h * g.strideHeight - g.paddingHeight + kh * g.dilationHeight;
            let width = w * g.strideWidth - g.paddingWidth;
            for (let kw = 0; kw < g.kernelWidth; kw++) {
              kernel.visit(cell(image, g, depth, height, width), windows);
              width += g.dilationWidth;
              windows += 4;
            }
          }
        }
      }
    }
  }
}

@unmanaged
class Copy {
  @inline
  visit(cell: usize, window: usize): void {
    if (cell != 0) f32.store(window, f32.load(cell));
  }
}

@unmanaged
class Add {
  @inline
  visit(cell: usize, window: usize): void {
    if (cell != 0) f32.store(cell, f32.load(cell) + f32.load(window));
  }
}

export function unfold(
  x: usize,
  windows: usize,
  padValue: f32,
  g: PoolGeometry,
  firstTask: i32,
  lastTask: i32,
): void {
  const cells = g.outputPlane * g.taps;
  for (let plane = firstTask; plane < lastTask; plane++) {
    const to = windows + (<usize>(plane * cells) << 2);
    fillRun(to, padValue, cells);
    forEachCell<Copy>(changetype<Copy>(0), x + (<usize>(plane * g.inputPlane) << 2), to, g);
  }
}

export function fold(windows: usize, xGrad: usize, g: PoolGeometry, firstTask: i32, lastTask: i32): void {
  const cells = g.outputPlane * g.taps;
  for (let plane = firstTask; plane < lastTask; plane++) {
    clearInputPlane(xGrad, g, plane);
    const image = xGrad + (<usize>(plane * g.inputPlane) << 2);
    forEachCell<Add>(changetype<Add>(0), image, windows + (<usize>(plane * cells) << 2), g);
  }
}
