/**
 * @file The kernel contract: everything a backend must be able to do, over storages that only it understands.
 *
 * Rules that hold for every method:
 * - Calls are synchronous and may merely enqueue work; only `read` waits for a value.
 * - A storage is flat, dense and never changes after the method that returned it. The one exception: `sgdStep` and
 *   `adamStep` consume the storages that they replace.
 * - Geometry arrives checked. One- and two-dimensional windows are three-dimensional ones with unit axes.
 * - NaN in, NaN out. Results don't depend on the number of threads.
 */
import type { ConvGeometry } from './convGeometry.js';
import type {
  BroadcastLayout,
  ConcatPart,
  MatmulGeometry,
  NormGeometry,
  ReduceLayout,
  RowGeometry,
  StridedLayout,
} from './layouts.js';
import type { WindowGeometry } from './windowGeometry.js';

export type DType = 'float32' | 'float64';
export type FloatArray = Float32Array | Float64Array;
export type BackendName = 'reference' | 'wasm' | 'gpu';

/** A flat buffer of one backend: a typed array, a range of WebAssembly memory, a GPU buffer. Opaque to everyone else. */
export interface Storage {
  readonly dtype: DType;
  readonly length: number;
}

/** Unary functions; those marked (s) take the scalar parameter of the call. */
export type UnaryOp =
  | 'neg'
  | 'abs'
  | 'sign'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'erf'
  | 'relu'
  | 'leakyRelu' // (s) slope for x < 0
  | 'sigmoid'
  | 'tanh'
  | 'gelu' // exact: x Φ(x)
  | 'silu'
  | 'softplus'
  | 'pow' // (s) exponent
  | 'addScalar' // (s)
  | 'mulScalar'; // (s)

/** Binary functions of a and b; comparisons give 1 or 0. */
export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'greater'
  | 'greaterEqual'
  | 'less'
  | 'lessEqual'
  | 'addRelu' // max(a + b, 0): the end of a residual block
  | 'reluGrad' // a where b > 0, else 0
  | 'leakyReluGrad'; // (s) a where b > 0, else s·a

export type ReduceOp = 'sum' | 'max' | 'min';

/** What is applied to a result before it is stored. */
export type Activation = 'none' | 'relu';

/** torch.optim.SGD's update. */
export interface SgdHyperparameters {
  readonly lr: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
}

/** torch.optim.Adam's update; `decoupled` makes it AdamW's. `step` counts from 1. */
export interface AdamHyperparameters {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly decoupled: boolean;
  readonly step: number;
}

/** What runs, in words a person can check. */
export interface BackendInfo {
  readonly backend: BackendName;
  /** The mode of the gpu backend: `webgpu`, `webgl2`, … */
  readonly mode?: string;
  /** For example `wasm simd+fma, 2 threads`. */
  readonly description: string;
  readonly dtypes: readonly DType[];
  readonly threads: number;
  /** The instruction set or adapter that really executes. */
  readonly device: string;
}

export interface Kernels<S extends Storage = Storage> {
  readonly name: BackendName;
  info(): BackendInfo;

  // Storages
  /** Copies `data` into a new storage of the given dtype. */
  upload(data: ArrayLike<number>, dtype: DType): S;
  fill(length: number, value: number, dtype: DType): S;
  /** A copy of the values, once all work enqueued before has run. */
  read(x: S): Promise<FloatArray>;
  /** The same at once; a backend that can't throws a BackendError that says what to write instead. */
  readSync(x: S): FloatArray;
  free(x: S): void;

  // Elementwise
  unary(op: UnaryOp, x: S, scalar: number): S;
  binary(op: BinaryOp, a: S, b: S, layout: BroadcastLayout, scalar: number): S;
  /** a where condition ≠ 0, else b; all of one shape. */
  where(condition: S, a: S, b: S): S;

  // Reduction and movement
  /** Sum, maximum or minimum over the reduced axes. */
  reduce(op: ReduceOp, x: S, layout: ReduceLayout): S;
  /** Index of the first maximum of each row, as numbers. */
  argMax(x: S, rows: RowGeometry): S;
  /** Softmax (or its logarithm) along the middle axis. */
  softmax(x: S, rows: RowGeometry, log: boolean): S;
  /** out[i] = x[offset + Σ indexₐ strideₐ]: permutes, slices, flips and broadcasts. */
  gatherStrided(x: S, layout: StridedLayout): S;
  /** The adjoint over distinct cells: out[offset + Σ indexₐ strideₐ] = x[i], 0 elsewhere; `length` cells. */
  scatterStrided(x: S, layout: StridedLayout, length: number): S;
  /** Joins parts along an axis: out viewed as [outer, Σ inner], part p as [outer, innerₚ]. */
  concat(parts: readonly ConcatPart<S>[], outer: number): S;

  // Linear algebra and convolution
  /** op(A)·op(B) (+ bias of length n) for every batch entry, then the activation. */
  matmul(a: S, b: S, bias: S | undefined, geometry: MatmulGeometry, activation: Activation): S;
  /** x [N, Cin, D, H, W], weight [Cout, Cin/groups, kD, kH, kW] → [N, Cout, D', H', W']. */
  conv(x: S, weight: S, bias: S | undefined, geometry: ConvGeometry, activation: Activation): S;
  /** ∂conv/∂x applied to a cotangent of the output's shape. */
  convInputGrad(cotangent: S, weight: S, geometry: ConvGeometry): S;
  /** ∂conv/∂weight applied to a cotangent of the output's shape. */
  convWeightGrad(cotangent: S, x: S, geometry: ConvGeometry): S;

  // Pooling: x [planes, D, H, W] → [planes, D', H', W']; padded cells are not part of a window
  /** y = Σ softmax(βx)ᵢ xᵢ, finite for every finite x. */
  softPool(x: S, beta: number, geometry: WindowGeometry): S;
  /** Σ over windows of g wᵢ (1 + β (xᵢ − y)). y is computed again: xᵢ − y needs digits that a stored y has lost. */
  softPoolGrad(cotangent: S, x: S, beta: number, geometry: WindowGeometry): S;
  /** y = Σ softmax(logits)ᵢ xᵢ. */
  importancePool(x: S, logits: S, geometry: WindowGeometry): S;
  /** Its adjoint in x: Σ over windows of g wᵢ. */
  importanceUnpool(cotangent: S, logits: S, geometry: WindowGeometry): S;
  /** Its gradient in the logits: Σ over windows of g wᵢ (xᵢ − y), y computed again as in `softPoolGrad`. */
  importanceLogitsGrad(cotangent: S, x: S, logits: S, geometry: WindowGeometry): S;
  /** The value where the key is first maximal in its window; `maxPool(x, x)` is max pooling. */
  maxPool(values: S, keys: S, geometry: WindowGeometry): S;
  /** Its adjoint in the values: each cotangent goes to the cell of its window's first maximal key. */
  maxUnpool(cotangent: S, keys: S, geometry: WindowGeometry): S;
  /** Window sum over the window's size: its cells in the padded input, or (countIncludePad false) in the input. */
  avgPool(x: S, geometry: WindowGeometry, countIncludePad: boolean): S;
  avgUnpool(cotangent: S, geometry: WindowGeometry, countIncludePad: boolean): S;
  /** Windows side by side: [planes, D', H', W', kD·kH·kW]; padded cells read `padValue`. */
  unfold(x: S, geometry: WindowGeometry, padValue: number): S;
  /** The adjoint: sums each cell over the windows it is in. */
  fold(windows: S, geometry: WindowGeometry): S;

  // Normalisation: x viewed as [outer, channels, inner]
  /**
   * Mean and biased variance of each channel. Running ones, if there are any, follow: running + momentum (observed − running),
   * the variance unbiased by count/(count − 1).
   */
  batchNormStatistics(x: S, geometry: NormGeometry, running?: RunningMoments<S>): NormStatistics<S>;
  /** (x − mean) / √(variance + eps) · weight + bias, then the activation; absent weight is 1, absent bias 0. */
  batchNorm(x: S, norm: NormParameters<S>, geometry: NormGeometry): S;
  /** Gradients of `batchNorm`; with `batchStatistics` mean and variance are functions of x. */
  batchNormGrad(
    cotangent: S,
    x: S,
    norm: NormParameters<S>,
    geometry: NormGeometry,
    batchStatistics: boolean,
  ): { x: S; weight: S; bias: S };

  // Loss
  /** −Σ targetⱼ log softmax(logits)ⱼ of each row; the target mixes the label (weight 1 − s) with the uniform (s). */
  crossEntropy(logits: S, labels: S, rows: RowGeometry, labelSmoothing: number): S;
  /** cotangent (one per row) · (softmax(logits) − target). */
  crossEntropyGrad(cotangent: S, logits: S, labels: S, rows: RowGeometry, labelSmoothing: number): S;

  // Optimiser updates, of any number of parameters at once; they consume everything but the gradients
  sgdStep(updates: readonly SgdUpdate<S>[], options: SgdHyperparameters): SgdResult<S>[];
  adamStep(updates: readonly AdamUpdate<S>[], options: AdamHyperparameters): AdamResult<S>[];
}

/** Mean and variance of each channel. */
export interface Moments<S extends Storage = Storage> {
  readonly mean: S;
  readonly variance: S;
}

/** Those of the batches so far, and how far they move towards the next one's. */
export interface RunningMoments<S extends Storage = Storage> extends Moments<S> {
  readonly momentum: number;
}

/** A batch's moments, and where the running ones have moved. */
export interface NormStatistics<S extends Storage = Storage> extends Moments<S> {
  readonly running: Moments<S> | undefined;
}

/** What batch normalisation applies to each channel. */
export interface NormParameters<S extends Storage = Storage> {
  readonly mean: S;
  readonly variance: S;
  readonly weight: S | undefined;
  readonly bias: S | undefined;
  readonly eps: number;
  readonly activation: Activation;
}

/** One parameter's new value, and its velocity if there is momentum. */
export interface SgdResult<S extends Storage = Storage> {
  readonly parameter: S;
  readonly velocity: S | undefined;
}

/** What it is computed from; the velocity is absent on the first step and without momentum. */
export interface SgdUpdate<S extends Storage = Storage> extends SgdResult<S> {
  readonly grad: S;
}

/** One parameter's new value and its moments. */
export interface AdamResult<S extends Storage = Storage> {
  readonly parameter: S;
  readonly first: S;
  readonly second: S;
}

export interface AdamUpdate<S extends Storage = Storage> extends AdamResult<S> {
  readonly grad: S;
}
