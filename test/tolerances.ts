/**
 * @file How far a result may be from its reference value, per backend and dtype, and why.
 *
 *   |actual − expected| ≤ atol + rtol · |expected|
 */
import type { BackendName, DType, Kernels } from '../src/kernels/kernels.js';

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  readonly reason: string;
}

type Key = `${BackendName} ${DType}`;

export const tolerances = {
  'reference float64': {
    rtol: 1e-10,
    atol: 1e-12,
    reason: 'the same formulas, summed in another order: some 10³ terms of size 1 with 2⁻⁵³ of error each',
  },
  'reference float32': {
    rtol: 1e-5,
    atol: 1e-5,
    reason:
      'sums run in float64 and are stored as float32, half a unit in the 24th bit for each of a few operations in a row',
  },
} as const satisfies Partial<Record<Key, Tolerance>>;

/** How far onnxruntime may be from softgrad, both in float32, for inputs up to 100; further in proportion for larger ones. */
export const onnxTolerance: Tolerance = {
  rtol: 0,
  atol: 1e-4,
  reason:
    'the same formulas in another order, through up to 20 layers; a mean near 0 of values near x has steps of 10⁻⁷ x',
};

/** A method of the kernel contract that computes something. */
export type KernelMethod = Exclude<keyof Kernels, 'name' | 'info' | 'read' | 'readSync' | 'free'>;

/** How a kernel set's results in float32 may differ from the reference set's, which are rounded once, from float64. */
export type KernelTolerances = Readonly<Record<KernelMethod, Tolerance>>;

const exact = { rtol: 0, atol: 0, reason: 'moves or compares values without arithmetic' };
const fewRoundings = {
  rtol: 5e-7,
  atol: 1e-7,
  reason: 'a handful of float32 operations, 2⁻²⁴ of error each, relative to the largest of their terms',
};
const softWeights = {
  rtol: 2e-6,
  atol: 1e-6,
  reason: 'exponentials within 2 ulp, summed over a window, of differences up to β times the range of x',
};

const wasm = {
  upload: exact,
  fill: exact,
  where: exact,
  argMax: exact,
  gatherStrided: exact,
  scatterStrided: exact,
  concat: exact,
  unfold: exact,
  maxPool: exact,
  unary: {
    rtol: 1e-6,
    atol: 5e-7,
    reason: 'polynomials of 2 ulp; gelu and softplus lose digits where their terms cancel',
  },
  binary: { rtol: 1e-6, atol: 1e-7, reason: 'one operation; pow goes through log₂ and 2ˣ in float64' },
  reduce: { rtol: 2e-7, atol: 1e-6, reason: 'runs of 64 are added in float32, all beyond in float64' },
  softmax: softWeights,
  crossEntropy: softWeights,
  crossEntropyGrad: softWeights,
  matmul: { rtol: 5e-7, atol: 2e-6, reason: 'float32 sums of up to 515 terms in order' },
  conv: { rtol: 5e-7, atol: 4e-6, reason: 'float32 sums; F(2×2, 3×3) adds and subtracts neighbours' },
  convInputGrad: { rtol: 5e-7, atol: 4e-6, reason: 'as conv' },
  convWeightGrad: {
    rtol: 5e-7,
    atol: 1e-4,
    reason: 'F(3×3, 4×4) multiplies by up to 8 and divides again, relative to the largest of its tile',
  },
  softPool: softWeights,
  softPoolGrad: softWeights,
  importancePool: softWeights,
  importanceUnpool: softWeights,
  importanceLogitsGrad: softWeights,
  maxUnpool: fewRoundings,
  avgPool: fewRoundings,
  avgUnpool: fewRoundings,
  fold: fewRoundings,
  batchNormStatistics: { rtol: 2e-6, atol: 1e-6, reason: 'runs of 1024 in float32; means of 16 σ cost digits' },
  batchNorm: fewRoundings,
  batchNormGrad: { rtol: 2e-6, atol: 2e-6, reason: 'two sums in runs of 1024, then a difference of three terms' },
  sgdStep: fewRoundings,
  adamStep: { rtol: 2e-6, atol: 1e-6, reason: 'a dozen operations, a root and a quotient in a row' },
} as const satisfies KernelTolerances;

/** Sums in order, in float32: in modes `cpu` and `webasm` gpu.js keeps to the operations as they are written. */
const gpuOnHost = {
  ...wasm,
  unary: { rtol: 1e-6, atol: 1e-6, reason: 'polynomials, and series of a few terms near 0 and 1' },
  binary: { rtol: 4e-6, atol: 1e-7, reason: 'one operation; pow goes through log and exp in float32' },
  conv: { rtol: 5e-7, atol: 1e-6, reason: 'float32 sums of some hundred terms in order' },
  convInputGrad: { rtol: 5e-7, atol: 1e-6, reason: 'as conv' },
  convWeightGrad: { rtol: 5e-7, atol: 1e-6, reason: 'float32 sums of up to 2048 terms in order, then of these' },
} as const satisfies KernelTolerances;

/** Shading languages ask for no more than 2⁻²¹ of log, and 3 + 2|x| units of exp(x). */
const gpuOnDevice = {
  ...gpuOnHost,
  unary: { rtol: 4e-6, atol: 1e-6, reason: 'exp and log of the shading language, divisions within 2.5 units' },
  binary: { rtol: 2e-5, atol: 1e-6, reason: 'pow is exp2(y log2 x) of the shading language' },
} as const satisfies KernelTolerances;

/**
 * Per kernel set and, on the GPU, per mode.
 *
 *   |actual − expected| ≤ rtol · |expected| + atol · scale
 *
 * where scale is the largest Σ |terms| for kernels that sum, else the largest finite value in sight.
 */
export const kernelTolerances = {
  'wasm float32': wasm,
  'gpu cpu': gpuOnHost,
  'gpu webasm': gpuOnHost,
  'gpu webgpu': gpuOnDevice,
  'gpu webgl2': gpuOnDevice,
  'gpu headlessgl': gpuOnDevice,
} as const satisfies Record<string, KernelTolerances>;

/** Whole pooling strategies in float32, wasm and gpu against reference, values and gradients. */
export const poolParity = {
  rtol: 2e-4,
  atol: 2e-4,
  reason: 'a dozen kernels in a row; weights that depend on the distance from a mean magnify its last digit',
} as const satisfies Tolerance;

/** `resnet8 8×8` is a resnet8 on eight pictures of 8 × 8 pixels, the others train on 16 of 32 × 32. */
export type RecordedModel = 'resnet8 8×8' | 'resnet8' | 'resnet20';

/**
 * How far a training run may depart from the one that PyTorch recorded. A relu whose input is about 0 may be on in one
 * computation and off in another; in a deep network that happens somewhere in the first steps, shifts single gradients by up to
 * 2 %, and training magnifies it. PyTorch 1.13 itself, on two threads instead of the fixtures' one, departs from them by 9e-3 in
 * the losses of resnet8 and by 0.4 in those of resnet20 (its float64 by 3e-2 and 0.5, with step-0 gradients off by 2e-2). So the
 * tight bounds hold where no relu has flipped, the wide ones beyond.
 */
export const runTolerances = {
  /**
   * Losses agree to 1e-3 in so many steps; how far apart they may be in any step, and on average. In `resnet8 8×8` no relu comes
   * near 0: all backends stay within 5e-6 of PyTorch to the last step, 3e-5 after training.
   */
  'resnet8 8×8': { logits: 1e-5, exactSteps: 20, apart: 1e-3, mean: 1e-4, evaluation: 1e-3 },
  resnet8: { logits: 1e-4, exactSteps: 4, apart: 5e-2, mean: 5e-3, evaluation: 0.25 },
  resnet20: { logits: 1e-4, exactSteps: 1, apart: 1.5, mean: 0.15, evaluation: Number.POSITIVE_INFINITY },
} as const satisfies Record<RecordedModel, object>;

/**
 * Of the first step's gradients, relative to the largest value of each: of half of them, and of all. On wasm, where Winograd's
 * F(4×4, 3×3) rounds a little more, and on the GPU, which adds up in float32, a few more relus flip.
 */
export const runGradientTolerances = {
  reference: { typical: 1e-4, worst: { 'resnet8 8×8': 1e-5, resnet8: 1e-4, resnet20: 5e-2 } },
  wasm: { typical: 2e-3, worst: { 'resnet8 8×8': 1e-4, resnet8: 5e-3, resnet20: 5e-2 } },
  gpu: { typical: 2e-3, worst: { 'resnet8 8×8': 1e-4, resnet8: 5e-3, resnet20: 5e-2 } },
} as const;
