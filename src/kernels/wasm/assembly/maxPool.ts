/**
 * @file Max pooling by keys: the value where the key is first maximal in its window, and the adjoint of that pick. See
 * poolWindows.ts for `geometry`, tasks (planes) and scratch (`poolScratchBytes(geometry)`).
 *
 *   maxPool(values, keys, y, geometry, scratch, first, last)             ordinary max pooling passes x for both
 *   maxUnpool(g, keys, valuesGrad, geometry, scratch, first, last)
 *
 * A NaN is larger than everything; the first one wins.
 */
import { evenLanes, interleaveHigh, interleaveLow, oddLanes } from './lanes';
import { coversInput2x2, isPool2x2 } from './pool2x2';
import { clearInputPlane, forEachBlock, PoolBlock, PoolGeometry } from './poolWindows';

/** A mask of the lanes where `key` comes before `best`, which was seen first. */
@inline
function beats(key: v128, best: v128): v128 {
  return v128.andnot(f32x4.eq(best, best), f32x4.le(key, best));
}

@unmanaged
class State {
  values: usize;
  keys: usize;
  cotangent: usize;
  result: usize;

  /** The largest key of each window; leaves the number of its tap, for each lane, in `block.weights`. */
  @inline
  largest(block: PoolBlock): v128 {
    let best = block.load(this.keys, 0);
    let index = i32x4.splat(0);
    for (let tap = 1; tap < block.taps; tap++) {
      const key = block.load(this.keys, tap);
      const take = beats(key, best);
      best = v128.bitselect(key, best, take);
      index = v128.bitselect(i32x4.splat(tap), index, take);
    }
    v128.store(block.weights, index);
    return best;
  }

  /** Returns where lane `lane`'s largest key lies in `storage`. */
  @inline
  picked(block: PoolBlock, storage: usize, lane: i32): usize {
    const tap = load<i32>(block.weights + (<usize>lane << 2));
    return block.at(storage, tap) + (<usize>(lane * block.stride) << 2);
  }

  /** A window of padding alone. */
  empty(block: PoolBlock): void {
    if (this.cotangent == 0) block.store(this.result, f32x4.splat(NaN));
  }
}

@unmanaged
class MaxPool extends State {
  block(block: PoolBlock): void {
    const best = this.largest(block);
    if (this.values == this.keys) {
      block.store(this.result, best);
      return;
    }
    for (let lane = 0; lane < block.lanes; lane++) {
      const to = this.result + block.output + (<usize>lane << 2);
      f32.store(to, f32.load(this.picked(block, this.values, lane)));
    }
  }
}

@unmanaged
class MaxUnpool extends State {
  block(block: PoolBlock): void {
    this.largest(block);
    for (let lane = 0; lane < block.lanes; lane++) {
      const to = this.picked(block, this.result, lane);
      f32.store(to, f32.load(to) + f32.load(this.cotangent + block.output + (<usize>lane << 2)));
    }
  }
}

export function maxPool(
  values: usize,
  keys: usize,
  y: usize,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  if (values == keys && isPool2x2(geometry)) {
    maxPool2x2(keys, y, geometry, firstTask, lastTask);
    return;
  }
  const state = changetype<MaxPool>(scratch);
  state.values = values;
  state.keys = keys;
  state.cotangent = 0;
  state.result = y;
  for (let plane = firstTask; plane < lastTask; plane++) forEachBlock<MaxPool>(state, geometry, plane, scratch);
}

export function maxUnpool(
  cotangent: usize,
  keys: usize,
  valuesGrad: usize,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  if (isPool2x2(geometry)) {
    maxUnpool2x2(cotangent, keys, valuesGrad, geometry, firstTask, lastTask);
    return;
  }
  const state = changetype<MaxUnpool>(scratch);
  state.keys = keys;
  state.cotangent = cotangent;
  state.result = valuesGrad;
  for (let plane = firstTask; plane < lastTask; plane++) {
    clearInputPlane(valuesGrad, geometry, plane);
    forEachBlock<MaxUnpool>(state, geometry, plane, scratch);
  }
}

function maxPool2x2(x: usize, y: usize, g: PoolGeometry, firstTask: i32, lastTask: i32): void {
  const rowBytes = <usize>g.inputWidth << 2;
  const outputRowBytes = <usize>g.outputWidth << 2;
  const lastBlock = outputRowBytes - 16;
  let output = y + (<usize>(firstTask * g.outputPlane) << 2);
  for (let image = firstTask * g.inputDepth; image < lastTask * g.inputDepth; image++) {
    let input = x + <usize>(image * g.inputHeight) * rowBytes;
    for (let row = 0; row < g.outputHeight; row++) {
      for (let at: usize = 0; ; at = min(at + 16, lastBlock)) {
        const upper = input + (at << 1);
        const lower = upper + rowBytes;
        // The maximum that hands NaN on is several instructions, so take it once where it covers two cells.
        const low = f32x4.max(v128.load(upper), v128.load(lower));
        const high = f32x4.max(v128.load(upper, 16), v128.load(lower, 16));
        v128.store(output + at, f32x4.max(evenLanes(low, high), oddLanes(low, high)));
        if (at == lastBlock) break;
      }
      input += rowBytes << 1;
      output += outputRowBytes;
    }
  }
}

function maxUnpool2x2(
  cotangent: usize,
  keys: usize,
  valuesGrad: usize,
  g: PoolGeometry,
  firstTask: i32,
  lastTask: i32,
): void {
  const rowBytes = <usize>g.inputWidth << 2;
  const outputRowBytes = <usize>g.outputWidth << 2;
  const lastBlock = outputRowBytes - 16;
  const toGrad = valuesGrad - keys;
  const covered = coversInput2x2(g);
  let output = cotangent + (<usize>(firstTask * g.outputPlane) << 2);
  for (let image = firstTask * g.inputDepth; image < lastTask * g.inputDepth; image++) {
    let input = keys + <usize>(image * g.inputHeight) * rowBytes;
    if (!covered) memory.fill(input + toGrad, 0, <usize>g.inputHeight * rowBytes);
    for (let row = 0; row < g.outputHeight; row++) {
      for (let at: usize = 0; ; at = min(at + 16, lastBlock)) {
        const upper = input + (at << 1);
        const lower = upper + rowBytes;
        const a = evenLanes(v128.load(upper), v128.load(upper, 16));
        const b = oddLanes(v128.load(upper), v128.load(upper, 16));
        const c = evenLanes(v128.load(lower), v128.load(lower, 16));
        const d = oddLanes(v128.load(lower), v128.load(lower, 16));
        const upstream = v128.load(output + at);
        const right = beats(b, a);
        const top = v128.bitselect(b, a, right);
        const lowerRight = beats(d, c);
        const isLower = beats(v128.bitselect(d, c, lowerRight), top);
        const upperShare = v128.andnot(upstream, isLower);
        const lowerShare = v128.and(upstream, isLower);
        const ga = v128.andnot(upperShare, right);
        const gb = v128.and(upperShare, right);
        const gc = v128.andnot(lowerShare, lowerRight);
        const gd = v128.and(lowerShare, lowerRight);
        v128.store(upper + toGrad, interleaveLow(ga, gb));
        v128.store(upper + toGrad, interleaveHigh(ga, gb), 16);
        v128.store(lower + toGrad, interleaveLow(gc, gd));
        v128.store(lower + toGrad, interleaveHigh(gc, gd), 16);
        if (at == lastBlock) break;
      }
      input += rowBytes << 1;
      output += outputRowBytes;
    }
  }
}
