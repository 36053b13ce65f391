/**
 * @file Batch normalisation (Ioffe and Szegedy, ICML 2015).
 *
 *   y = (x − μ) / √(σ² + ε) · weight + bias
 *
 * In training μ and σ² are the batch's (σ² biased), and the running statistics move towards them (σ² unbiased there, as in
 * PyTorch); in evaluation they are the running ones.
 */
import { ArgumentError, BackendError, ShapeError } from '../errors.js';
import type { Activation, NormParameters } from '../kernels/kernels.js';
import type { NormGeometry } from '../kernels/layouts.js';
import { Parameter } from '../tensor/parameter.js';
import { sameShape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { add, mul, pow, reluGrad, sub } from './arithmetic.js';
import { defineMultiOp, defineOp, type Op } from './defineOp.js';
import { mean, sum } from './reduce.js';
import { reshape } from './reshape.js';
import { vjpOfMany } from './vjpOf.js';

export interface BatchNormOptions {
  /** γ, `[C]`; default 1. */
  readonly weight?: Tensor | undefined;
  /** `[C]`; default 0. */
  readonly bias?: Tensor | undefined;
  /** `[C]`; a parameter is updated in training. Needed in evaluation. */
  readonly runningMean?: Tensor | undefined;
  /** `[C]`; a parameter is updated in training. Needed in evaluation. */
  readonly runningVar?: Tensor | undefined;
  /** Use the batch's statistics. Default false. */
  readonly training?: boolean | undefined;
  /** How far running statistics move towards the batch's. Default 0.1. */
  readonly momentum?: number | undefined;
  /** Default 1e-5. */
  readonly eps?: number | undefined;
  /** Applied to the result in the same pass. Default `none`. */
  readonly activation?: Activation | undefined;
}

export interface Normalization {
  readonly geometry: NormGeometry;
  readonly eps: number;
  readonly activation: Activation;
  /** Whether mean and variance are functions of x. */
  readonly batchStatistics: boolean;
}

interface Tracking {
  readonly geometry: NormGeometry;
  readonly momentum: number;
}

type NormInputs = readonly [
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  weight: Tensor | undefined,
  bias: Tensor | undefined,
];

const statistics = defineMultiOp(['mean', 'variance'] as const, {
  name: 'batchNormStatistics',
  shapes: (_: readonly [Tensor], { channels }: NormGeometry) => ({ mean: [channels], variance: [channels] }),
  forward: (kernels, [x], geometry) => kernels.batchNormStatistics(x.storage, geometry),
  vjp: () => [undefined],
});

/** The same together with the running ones, moved towards them. */
const trackedStatistics = defineMultiOp(['mean', 'variance', 'runningMean', 'runningVar'] as const, {
  name: 'batchNormStatistics',
  shapes: (_: readonly [x: Tensor, runningMean: Tensor, runningVar: Tensor], { geometry: { channels } }: Tracking) => ({
    mean: [channels],
    variance: [channels],
    runningMean: [channels],
    runningVar: [channels],
  }),
  forward: (kernels, [x, runningMean, runningVar], { geometry, momentum }) => {
    const before = { mean: runningMean.storage, variance: runningVar.storage, momentum };
    const { mean, variance, running } = kernels.batchNormStatistics(x.storage, geometry, before);
    if (!running) throw new BackendError('batchNormStatistics: the kernel set returned no running statistics');
    return { mean, variance, runningMean: running.mean, runningVar: running.variance };
  },
  vjp: () => [undefined, undefined, undefined],
});

const normalize: Op<NormInputs, Normalization> = defineOp({
  name: 'batchNorm',
  shape: ([x]) => x.shape,
  forward: (kernels, inputs, { geometry, eps, activation }) =>
    kernels.batchNorm(inputs[0].storage, normParameters(inputs, eps, activation), geometry),
  vjp: (g, { inputs, attributes }) => {
    const [x, batchMean, variance, weight, bias] = inputs;
    const gradients = normalizeGrad([g, x, batchMean, variance, weight, bias], attributes);
    return [gradients.x, undefined, undefined, weight && gradients.weight, bias && gradients.bias];
  },
});

type GradInputs = readonly [g: Tensor, ...NormInputs];

const normalizeGrad = defineMultiOp(['x', 'weight', 'bias'] as const, {
  name: 'batchNormGrad',
  shapes: ([, x]: GradInputs, { geometry }: Normalization) => ({
    x: x.shape,
    weight: [geometry.channels],
    bias: [geometry.channels],
  }),
  forward: (kernels, [g, ...inputs], { geometry, eps, activation, batchStatistics }) => {
    const norm = normParameters(inputs, eps, activation);
    return kernels.batchNormGrad(g.storage, inputs[0].storage, norm, geometry, batchStatistics);
  },
  // Second derivatives are rare: they differentiate the definition below, where the first uses the fused kernel.
  vjp: (cotangents, { inputs: [g, x, batchMean, variance, weight, bias], attributes }) => {
    const variables = [g, x, ...(weight ? [weight] : []), ...(bias ? [bias] : [])];
    const definition = (...[g_, x_, ...affine]: Tensor[]): Tensor[] => {
      const weight_ = weight && affine[0];
      const bias_ = bias && affine[weight ? 1 : 0];
      return gradDefinition([g_ ?? g, x_ ?? x, batchMean, variance, weight_, bias_], attributes);
    };
    const [gradG, gradX, ...affine] = vjpOfMany(definition, variables, [
      cotangents.x,
      cotangents.weight,
      cotangents.bias,
    ]);
    return [gradG, gradX, undefined, undefined, weight && affine[0], bias && affine[weight ? 1 : 0]];
  },
});

/**
 * Normalises each channel of `x`.
 *
 * @param x `[N, C]` or `[N, C, ...spatial]`
 * @throws ShapeError if a per-channel tensor isn't `[C]`, or training sees one value per channel
 * @throws ArgumentError in evaluation without running statistics
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): Tensor {
  const { weight, bias, training = false, eps = 1e-5, activation = 'none' } = options;
  const geometry = checkedGeometry(x, options);
  if (!training) {
    const { runningMean, runningVar } = options;
    if (!runningMean || !runningVar) {
      throw new ArgumentError(
        'batchNorm: evaluation needs runningMean and runningVar; pass them, or { training: true }',
      );
    }
    const attributes = { geometry, eps, activation, batchStatistics: false };
    return normalize([x, runningMean.detach(), runningVar.detach(), weight, bias], attributes);
  }
  const count = geometry.outer * geometry.inner;
  if (count < 2) {
    throw new ShapeError(`batchNorm: training needs more than one value per channel, got input [${x.shape}]`);
  }
  const batch = batchStatistics(x.detach(), geometry, options);
  return normalize([x, batch.mean, batch.variance, weight, bias], { geometry, eps, activation, batchStatistics: true });
}

/** The batch's statistics; running ones that are parameters move towards them. */
function batchStatistics(
  x: Tensor,
  geometry: NormGeometry,
  { runningMean, runningVar, momentum = 0.1 }: BatchNormOptions,
): Record<'mean' | 'variance', Tensor> {
  if (!(runningMean instanceof Parameter) || !(runningVar instanceof Parameter)) return statistics([x], geometry);
  const tracked = trackedStatistics([x, runningMean.detach(), runningVar.detach()], { geometry, momentum });
  runningMean.assign(tracked.runningMean);
  runningVar.assign(tracked.runningVar);
  return tracked;
}

function checkedGeometry(x: Tensor, options: BatchNormOptions): NormGeometry {
  const [outer, channels] = x.shape;
  if (outer === undefined || channels === undefined) {
    throw new ShapeError(`batchNorm: input must be [N, C, ...spatial], got [${x.shape}]`);
  }
  const { weight, bias, runningMean, runningVar } = options;
  for (const [name, value] of Object.entries({ weight, bias, runningMean, runningVar })) {
    if (value && !sameShape(value.shape, [channels])) {
      throw new ShapeError(`batchNorm: ${name} must be [${channels}] for input [${x.shape}], got [${value.shape}]`);
    }
  }
  return { outer, channels, inner: sizeOf(x.shape.slice(2)) };
}

function normParameters(
  [, mean, variance, weight, bias]: NormInputs,
  eps: number,
  activation: Activation,
): NormParameters {
  return {
    mean: mean.storage,
    variance: variance.storage,
    weight: weight?.storage,
    bias: bias?.storage,
    eps,
    activation,
  };
}

/** What the fused gradient computes, in operations: the gradients of x, weight and bias. */
function gradDefinition(
  [g, x, batchMean, variance, weight, bias]: GradInputs,
  { eps, activation, batchStatistics }: Normalization,
): Tensor[] {
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const perChannel = (t: Tensor): Tensor => reshape(t, [-1, ...x.shape.slice(2).map(() => 1)]);
  const average = (t: Tensor): Tensor => mean(t, axes, { keepDims: true });
  const centred = sub(x, batchStatistics ? average(x) : perChannel(batchMean));
  const spread = batchStatistics ? average(mul(centred, centred)) : perChannel(variance);
  const inverse = pow(add(spread, eps), -0.5);
  const normal = mul(centred, inverse);
  const scaled = weight ? mul(normal, perChannel(weight)) : normal;
  const upstream = activation === 'relu' ? reluGrad(g, bias ? add(scaled, perChannel(bias)) : scaled) : g;
  const weighted = weight ? mul(upstream, perChannel(weight)) : upstream;
  const correction = batchStatistics ? add(average(weighted), mul(normal, average(mul(weighted, normal)))) : undefined;
  return [
    mul(inverse, correction ? sub(weighted, correction) : weighted),
    sum(mul(upstream, normal), axes),
    sum(upstream, axes),
  ];
}
