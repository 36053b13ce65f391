/**
 * @file Batch normalisation: statistics, forward, gradients.
 *
 *   x̂ = (x − μ)/√(σ² + ε)      y = weight·x̂ + bias
 *   ∂L/∂x = weight/√(σ² + ε) · (g − mean(g) − x̂·mean(g·x̂))      with batch statistics; else without the two means
 */
import type { Activation, Moments, NormParameters, NormStatistics, RunningMoments } from '../kernels.js';
import type { NormGeometry } from '../layouts.js';
import { allocate, at, type ReferenceStorage } from './storage.js';

/** Calls `visit` for every run of neighbouring cells of one channel. */
function forEachRun(
  { outer, channels, inner }: NormGeometry,
  visit: (channel: number, from: number, to: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) visit(c, (o * channels + c) * inner, (o * channels + c + 1) * inner);
  }
}

/** Sum over each channel of what `term` gives for its cells. */
function channelSums(geometry: NormGeometry, term: (channel: number, cell: number) => number): Float64Array {
  const sums = new Float64Array(geometry.channels);
  forEachRun(geometry, (channel, from, to) => {
    let total = 0;
    for (let cell = from; cell < to; cell++) total += term(channel, cell);
    sums[channel] = at(sums, channel) + total;
  });
  return sums;
}

export function batchNormStatistics(
  x: ReferenceStorage,
  geometry: NormGeometry,
  running?: RunningMoments<ReferenceStorage>,
): NormStatistics<ReferenceStorage> {
  const count = geometry.outer * geometry.inner;
  const mean = channelSums(geometry, (_, cell) => at(x.values, cell)).map((sum) => sum / count);
  const squares = channelSums(geometry, (channel, cell) => (at(x.values, cell) - at(mean, channel)) ** 2);
  const variance = squares.map((sum) => sum / count);
  const observed = { mean: channelValues(mean, x), variance: channelValues(variance, x) };
  return { ...observed, running: running && followed(running, observed, count / (count - 1)) };
}

function followed(
  running: RunningMoments<ReferenceStorage>,
  observed: Moments<ReferenceStorage>,
  unbiased: number,
): Moments<ReferenceStorage> {
  const { momentum } = running;
  const towards = (from: ReferenceStorage, to: ReferenceStorage, scale: number): ReferenceStorage =>
    channelValues(
      Float64Array.from(from.values, (value, c) => value * (1 - momentum) + momentum * scale * at(to.values, c)),
      from,
    );
  return {
    mean: towards(running.mean, observed.mean, 1),
    variance: towards(running.variance, observed.variance, unbiased),
  };
}

/** Scale and shift of each channel: y = scale·(x − mean) + bias. */
function scales({ variance, weight, eps }: NormParameters<ReferenceStorage>): Float64Array {
  return Float64Array.from(variance.values, (v, c) => (weight ? at(weight.values, c) : 1) / Math.sqrt(v + eps));
}

export function batchNorm(
  x: ReferenceStorage,
  norm: NormParameters<ReferenceStorage>,
  geometry: NormGeometry,
): ReferenceStorage {
  const out = allocate(x.length, x.dtype);
  const scale = scales(norm);
  forEachRun(geometry, (channel, from, to) => {
    for (let cell = from; cell < to; cell++) {
      out.values[cell] = activate(norm.activation, normalized(x, norm, scale, channel, cell));
    }
  });
  return out;
}

export function batchNormGrad(
  cotangent: ReferenceStorage,
  x: ReferenceStorage,
  norm: NormParameters<ReferenceStorage>,
  geometry: NormGeometry,
  batchStatistics: boolean,
): { x: ReferenceStorage; weight: ReferenceStorage; bias: ReferenceStorage } {
  const scale = scales(norm);
  const inverse = Float64Array.from(norm.variance.values, (v) => 1 / Math.sqrt(v + norm.eps));
  const unit = (channel: number, cell: number): number =>
    (at(x.values, cell) - at(norm.mean.values, channel)) * at(inverse, channel);
  const upstream = (channel: number, cell: number): number =>
    norm.activation === 'relu' && !(normalized(x, norm, scale, channel, cell) > 0) ? 0 : at(cotangent.values, cell);
  const bias = channelSums(geometry, upstream);
  const weight = channelSums(geometry, (channel, cell) => upstream(channel, cell) * unit(channel, cell));
  const share = batchStatistics ? 1 / (geometry.outer * geometry.inner) : 0;
  const grad = allocate(x.length, x.dtype);
  forEachRun(geometry, (channel, from, to) => {
    for (let cell = from; cell < to; cell++) {
      const common = batchStatistics ? share * (at(bias, channel) + unit(channel, cell) * at(weight, channel)) : 0;
      grad.values[cell] = at(scale, channel) * (upstream(channel, cell) - common);
    }
  });
  return { x: grad, weight: channelValues(weight, x), bias: channelValues(bias, x) };
}

function normalized(
  x: ReferenceStorage,
  { mean, bias }: NormParameters<ReferenceStorage>,
  scale: Float64Array,
  channel: number,
  cell: number,
): number {
  const shift = bias ? at(bias.values, channel) : 0;
  return (at(x.values, cell) - at(mean.values, channel)) * at(scale, channel) + shift;
}

function activate(activation: Activation, value: number): number {
  return activation === 'relu' && value <= 0 ? 0 : value;
}

function channelValues(values: Float64Array, like: ReferenceStorage): ReferenceStorage {
  const out = allocate(values.length, like.dtype);
  out.values.set(values);
  return out;
}
