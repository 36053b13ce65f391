/**
 * @file Every pooling strategy from its definition, window by window, in plain numbers: an oracle that shares no code with the
 * library. (All but `avg`, which counts padding as zeros; test/ops/pooling.test.ts has it.)
 */
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';
import { denseWindows, indices, windowCells } from './windowCells.js';

/** What a definition sees: the input, its windows, and the layer's parameters by name. */
export interface PoolSample {
  readonly x: ArrayLike<number>;
  readonly window: PoolingWindow;
  readonly parameters: Readonly<Record<string, readonly number[]>>;
}

/** The flat output, in evaluation mode. */
export type PoolDefinition = (sample: PoolSample) => number[];

type Parameters = PoolSample['parameters'];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

function weightedMean(values: readonly number[], weight: (value: number) => number): number {
  const weights = values.map(weight);
  return sum(values.map((value, i) => value * weights[i]!)) / sum(weights);
}

/** A pooling that sees one window of one channel at a time. */
function perWindow(pool: (values: number[], parameters: Parameters, channel: number) => number): PoolDefinition {
  return ({ x, window, parameters }) => {
    const { shape, cells } = windowCells(window);
    const rank = window.kernelSize.length;
    const perPlane = shape.slice(-rank).reduce((product, size) => product * size, 1);
    const channels = shape.at(-rank - 1)!;
    return cells.map((cell, j) =>
      pool(
        cell.map((i) => x[i]!),
        parameters,
        Math.floor(j / perPlane) % channels,
      ),
    );
  };
}

const powerMean = (values: readonly number[], p: number): number => mean(values.map((v) => v ** p)) ** (1 / p);
const soft = (values: readonly number[], beta: number): number => weightedMean(values, (v) => Math.exp(beta * v));

const edscw = (values: readonly number[]): number => {
  const m = mean(values);
  return weightedMean(values, (v) => Math.exp((2 * m * v) / (m * m + v * v + 1e-12)));
};

const stochastic = (values: readonly number[]): number => {
  const rates = values.map((v) => Math.max(v, 0));
  const total = sum(rates);
  return total > 0 ? sum(rates.map((rate) => (rate / total) * rate)) : Math.max(...values);
};

/** The value at each tap, 0 for padding. */
const atTaps = (x: ArrayLike<number>, taps: readonly number[]): number[] => taps.map((i) => (i < 0 ? 0 : x[i]!));

const gated: PoolDefinition = ({ x, window, parameters }) =>
  windowCells(window).taps.map((taps) => {
    const gate = sigmoid(sum(atTaps(x, taps).map((value, k) => value * parameters.weight![k]!)));
    const values = taps.filter((i) => i >= 0).map((i) => x[i]!);
    return gate * Math.max(...values) + (1 - gate) * mean(values);
  });

/** Every output channel sees the windows of all input channels at its place. */
const conv: PoolDefinition = ({ x, window, parameters }) => {
  const { shape, taps } = windowCells(window);
  const rank = window.kernelSize.length;
  const channels = shape.at(-rank - 1)!;
  const positions = shape.slice(-rank).reduce((product, size) => product * size, 1);
  return taps.map((own, j) => {
    const [image, o, place] = [
      Math.floor(j / positions / channels),
      Math.floor(j / positions) % channels,
      j % positions,
    ];
    const terms = Array.from({ length: channels }, (_, c) => {
      const values = atTaps(x, taps[(image * channels + c) * positions + place]!);
      return sum(values.map((value, k) => value * parameters.weight![(o * channels + c) * own.length + k]!));
    });
    return sum(terms) + parameters.bias![o]!;
  });
};

const lip: PoolDefinition = ({ x, window, parameters }) => {
  const rank = window.kernelSize.length;
  const channels = window.shape.at(-rank - 1)!;
  const plane = window.shape.slice(-rank).reduce((product, size) => product * size, 1);
  const logits = Array.from(x, (_, i) => {
    const [image, o, place] = [Math.floor(i / plane / channels), Math.floor(i / plane) % channels, i % plane];
    const terms = Array.from(
      { length: channels },
      (_, c) => parameters.weight![o * channels + c]! * x[(image * channels + c) * plane + place]!,
    );
    return 12 * sigmoid(sum(terms) + parameters.bias![o]!);
  });
  return windowCells(window).cells.map((cell) => {
    const weights = cell.map((i) => Math.exp(logits[i]!));
    return sum(cell.map((i, k) => x[i]! * weights[k]!)) / sum(weights);
  });
};

/** A pooling of the dense maxima: `weights` tells which positions an output takes on an axis, and how much of each. */
function overDenseMaxima(
  weights: (output: number, stride: number, positions: number) => { position: number; weight: number }[],
): PoolDefinition {
  return ({ x, window }) => {
    const { shape } = windowCells(window);
    const dense = denseWindows(window);
    const maxima = dense.cells.map((cell) => Math.max(...cell.map((i) => x[i]!)));
    const rank = window.kernelSize.length;
    const [positions, output] = [dense.shape.slice(-rank), shape.slice(-rank)];
    const perPlane = positions.reduce((product, size) => product * size, 1);
    return indices(shape.slice(0, -rank)).flatMap((_, plane) =>
      indices(output).map((place) => {
        const axes = place.map((o, a) => weights(o, window.stride[a]!, positions[a]!));
        const taken = indices(axes.map((axis) => axis.length)).map((chosen) => chosen.map((k, a) => axes[a]![k]!));
        return sum(
          taken.map((axis) => {
            const flat = axis.reduce((total, { position }, a) => total * positions[a]! + position, 0);
            return axis.reduce((product, { weight }) => product * weight, maxima[plane * perPlane + flat]!);
          }),
        );
      }),
    );
  };
}

export const poolDefinitions: Readonly<Record<string, PoolDefinition>> = {
  max: perWindow((values) => Math.max(...values)),
  soft: perWindow((values) => soft(values, 1)),
  'soft-detached': perWindow((values) => soft(values, 1)),
  'soft-learned': perWindow((values, { beta }, channel) => soft(values, beta![channel]!)),
  sum: perWindow(sum),
  lp: perWindow((values) => Math.hypot(...values)),
  pow: perWindow((values) => powerMean(values.map(Math.abs), 3)),
  gem: perWindow((values, { p }) =>
    powerMean(
      values.map((v) => Math.max(v, 1e-6)),
      p![0]!,
    ),
  ),
  stochastic: perWindow(stochastic),
  mixed: perWindow((values, { logit }) => {
    const alpha = sigmoid(logit![0]!);
    return alpha * Math.max(...values) + (1 - alpha) * mean(values);
  }),
  gated,
  s3: overDenseMaxima((output, stride, positions) => {
    const strip = Array.from({ length: stride }, (_, k) => output * stride + k).filter((p) => p < positions);
    return strip.map((position) => ({ position, weight: 1 / strip.length }));
  }),
  dpp: perWindow((values, { logAlpha, logLambda }, channel) => {
    const [alpha, lambda] = [Math.exp(logAlpha![channel]!), Math.exp(logLambda![channel]!)];
    const m = mean(values);
    return weightedMean(values, (v) => alpha + Math.hypot(v - m, 1e-3) ** lambda);
  }),
  lip,
  edscw: perWindow(edscw),
  idw: perWindow((values) => {
    const m = mean(values);
    return weightedMean(values, (v) => 1 / (Math.abs(v - m) + 1e-6));
  }),
  ada: perWindow((values, { logit }, channel) => {
    const beta = sigmoid(logit![channel]!);
    return beta * edscw(values) + (1 - beta) * soft(values, 1);
  }),
  blur: overDenseMaxima((output, stride, positions) => {
    const centre = output * stride;
    if (stride === 1) return [{ position: centre, weight: 1 }];
    const near = [centre - 1, centre, centre + 1].filter((position) => position >= 0 && position < positions);
    const weights = near.map((position) => (position === centre ? 2 : 1));
    return near.map((position, i) => ({ position, weight: weights[i]! / sum(weights) }));
  }),
  conv,
};
