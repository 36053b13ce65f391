/**
 * @file Max pooling by keys: the value where the key is first maximal in its window, and the adjoint of that pick. See
 * poolWindows.ts for `geometry`, tasks (planes) and scratch (`poolScratchBytes(geometry)`).
 *
 *   maxPool(values, keys, y, geometry, scratch, first, last)             ordinary max pooling passes x for both
 *   maxUnpool(g, keys, valuesGrad, geometry, scratch, first, last)
 *
 * A NaN is larger than everything; the first one wins.
 */
import { evenLanes, oddLanes } from './lanes';
import { clearUncovered2x2, forEach2x2, isPool2x2, left, right, storeRow } from './pool2x2';
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

@unmanaged
class MaxPool2x2 extends State {
  /** The maximum that hands NaN on is several instructions, so it is taken once where it covers two cells. */
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    upper += this.keys;
    lower += this.keys;
    const low = f32x4.max(v128.load(upper), v128.load(lower));
    const high = f32x4.max(v128.load(upper, 16), v128.load(lower, 16));
    v128.store(this.result + output, f32x4.max(evenLanes(low, high), oddLanes(low, high)));
  }
}

@unmanaged
class MaxUnpool2x2 extends State {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    const a = left(this.keys + upper);
    const b = right(this.keys + upper);
    const c = left(this.keys + lower);
    const d = right(this.keys + lower);
    const upstream = v128.load(this.cotangent + output);
    const upperRight = beats(b, a);
    const lowerRight = beats(d, c);
    const isLower = beats(v128.bitselect(d, c, lowerRight), v128.bitselect(b, a, upperRight));
    const upperShare = v128.andnot(upstream, isLower);
    const lowerShare = v128.and(upstream, isLower);
    storeRow(this.result + upper, v128.andnot(upperShare, upperRight), v128.and(upperShare, upperRight));
    storeRow(this.result + lower, v128.andnot(lowerShare, lowerRight), v128.and(lowerShare, lowerRight));
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
  const state = changetype<State>(scratch);
  state.values = values;
  state.keys = keys;
  state.cotangent = 0;
  state.result = y;
  if (values == keys && isPool2x2(geometry)) {
    forEach2x2<MaxPool2x2>(changetype<MaxPool2x2>(scratch), geometry, firstTask, lastTask);
    return;
  }
  for (let plane = firstTask; plane < lastTask; plane++) {
    forEachBlock<MaxPool>(changetype<MaxPool>(scratch), geometry, plane, scratch);
  }
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
  const state = changetype<State>(scratch);
  state.keys = keys;
  state.cotangent = cotangent;
  state.result = valuesGrad;
  if (isPool2x2(geometry)) {
    clearUncovered2x2(valuesGrad, geometry, firstTask, lastTask);
    forEach2x2<MaxUnpool2x2>(changetype<MaxUnpool2x2>(scratch), geometry, firstTask, lastTask);
    return;
  }
  for (let plane = firstTask; plane < lastTask; plane++) {
    clearInputPlane(valuesGrad, geometry, plane);
    forEachBlock<MaxUnpool>(changetype<MaxUnpool>(scratch), geometry, plane, scratch);
  }
}
