/**
 * @file How flat storages are walked: the small geometry records of the kernel contract.
 */
import type { Storage } from './kernels.js';

/** Two operands walked together; stride 0 repeats an operand along an axis. Axes that can be merged are merged. */
export interface BroadcastLayout {
  readonly shape: readonly number[];
  readonly stridesA: readonly number[];
  readonly stridesB: readonly number[];
}

/** A reduction over the axes whose `reduced` is true. Neighbours of one kind are merged, so kept and reduced alternate. */
export interface ReduceLayout {
  readonly shape: readonly number[];
  readonly reduced: readonly boolean[];
}

/** A walk over one storage: cell i of `shape` is at offset + Σ indexₐ stridesₐ; strides may be 0 or negative. */
export interface StridedLayout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** x viewed as [outer, size, inner]; a row is the middle axis. */
export interface RowGeometry {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** x viewed as [outer, channels, inner]: batch, channel, everything behind. */
export interface NormGeometry {
  readonly outer: number;
  readonly channels: number;
  readonly inner: number;
}

/** One piece of a concatenation, viewed as [outer, inner]. */
export interface ConcatPart<S extends Storage = Storage> {
  readonly storage: S;
  readonly inner: number;
}

/**
 * C [batch, m, n] = op(A)·op(B). A is [m, k] per batch entry, or [k, m] if `transposeA`; B is [k, n], or [n, k] if
 * `transposeB`. A batch stride of 0 uses the same matrix for every entry.
 */
export interface MatmulGeometry {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly batchStrideA: number;
  readonly batchStrideB: number;
}
