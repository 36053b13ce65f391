/**
 * @file Packs a strip of a matrix into a panel, the order in which the micro-kernel reads it: panel[k][lane].
 */
import { transpose4 } from './simd';

/**
 * Packs `lanes` ≤ `width` lanes over `depth` steps; missing lanes become 0.
 *
 * @param laneStride bytes between neighbouring lanes in the source, 4 for lanes that lie side by side
 * @param depthStride bytes between steps in the source
 */
export function packPanel(
  source: usize,
  laneStride: usize,
  depthStride: usize,
  lanes: i32,
  width: i32,
  depth: i32,
  panel: usize,
): void {
  const step = <usize>width << 2;
  if (lanes < width) memory.fill(panel, 0, step * depth);
  let lane = 0;
  for (; lane + 4 <= lanes; lane += 4) {
    const strip = source + laneStride * lane;
    if (laneStride == 4) packSideBySide(strip, depthStride, depth, panel + (lane << 2), step);
    else packAcross(strip, laneStride, depthStride, depth, panel + (lane << 2), step);
  }
  for (; lane < lanes; lane++) {
    const strip = source + laneStride * lane;
    for (let k = 0; k < depth; k++) f32.store(panel + step * k + (lane << 2), f32.load(strip + depthStride * k));
  }
}

/** Four lanes that are neighbours in the source. */
function packSideBySide(source: usize, depthStride: usize, depth: i32, panel: usize, step: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(panel, v128.load(source));
    source += depthStride;
    panel += step;
  }
}

/** Four lanes that lie `laneStride` apart: transposed four steps at a time where the steps are neighbours. */
function packAcross(
  source: usize,
  laneStride: usize,
  depthStride: usize,
  depth: i32,
  panel: usize,
  step: usize,
): void {
  let k = 0;
  if (depthStride == 4) {
    for (; k + 4 <= depth; k += 4) {
      transpose4(source, laneStride, panel, step);
      source += 16;
      panel += step * 4;
    }
  }
  for (; k < depth; k++) {
    f32.store(panel, f32.load(source));
    f32.store(panel, f32.load(source + laneStride), 4);
    f32.store(panel, f32.load(source + laneStride * 2), 8);
    f32.store(panel, f32.load(source + laneStride * 3), 12);
    source += depthStride;
    panel += step;
  }
}
