/**
 * @file Convolution and its two gradients: three readings of one loop.
 *
 * A convolution pairs rows: along the last axis, `count` cells of y starting at `y` meet cells of x starting at `x`, `stride`
 * apart, through one weight. Forward adds weight·x to y, the input gradient adds weight·y to x, the weight gradient adds x·y to
 * the weight.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { Activation } from '../kernels.js';
import { allocate, at, type ReferenceStorage } from './storage.js';

type RowPair = (weight: number, x: number, y: number, count: number) => void;

export function conv(
  x: ReferenceStorage,
  weight: ReferenceStorage,
  bias: ReferenceStorage | undefined,
  geometry: ConvGeometry,
  activation: Activation,
): ReferenceStorage {
  const cells = volume(geometry.output);
  const y = new Float64Array(geometry.batch * geometry.outChannels * cells);
  const stride = geometry.stride[2];
  const source = x.values;
  forEachRowPair(geometry, (w, x0, y0, count) => {
    const factor = at(weight.values, w);
    for (let i = 0; i < count; i++) y[y0 + i]! += factor * source[x0 + i * stride]!;
  });
  for (let i = 0; i < y.length; i++) {
    const value = at(y, i) + (bias ? at(bias.values, Math.floor(i / cells) % geometry.outChannels) : 0);
    y[i] = activation === 'relu' && value <= 0 ? 0 : value;
  }
  return rounded(y, x);
}

export function convInputGrad(
  cotangent: ReferenceStorage,
  weight: ReferenceStorage,
  geometry: ConvGeometry,
): ReferenceStorage {
  const grad = new Float64Array(geometry.batch * geometry.inChannels * volume(geometry.input));
  const stride = geometry.stride[2];
  const source = cotangent.values;
  forEachRowPair(geometry, (w, x0, y0, count) => {
    const factor = at(weight.values, w);
    for (let i = 0; i < count; i++) grad[x0 + i * stride]! += factor * source[y0 + i]!;
  });
  return rounded(grad, cotangent);
}

export function convWeightGrad(
  cotangent: ReferenceStorage,
  x: ReferenceStorage,
  geometry: ConvGeometry,
): ReferenceStorage {
  const { inChannels, outChannels, groups, kernel } = geometry;
  const grad = new Float64Array(outChannels * (inChannels / groups) * volume(kernel));
  const stride = geometry.stride[2];
  const gradient = cotangent.values;
  const source = x.values;
  forEachRowPair(geometry, (w, x0, y0, count) => {
    let total = 0;
    for (let i = 0; i < count; i++) total += gradient[y0 + i]! * source[x0 + i * stride]!;
    grad[w] = at(grad, w) + total;
  });
  return rounded(grad, x);
}

/** Every (sample, group, output channel, input channel, kernel cell, output row) that meets the input. */
function forEachRowPair(geometry: ConvGeometry, visit: RowPair): void {
  const { batch, groups, inChannels, outChannels, kernel, input, output } = geometry;
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups];
  for (let sample = 0; sample < batch; sample++) {
    for (let o = 0; o < outChannels; o++) {
      const firstInput = Math.floor(o / outGroup) * inGroup;
      for (let c = 0; c < inGroup; c++) {
        const x = (sample * inChannels + firstInput + c) * volume(input);
        const y = (sample * outChannels + o) * volume(output);
        forEachKernelRow(geometry, (o * inGroup + c) * volume(kernel), x, y, visit);
      }
    }
  }
}

/** One plane of x against one plane of y. */
function forEachKernelRow(geometry: ConvGeometry, weight: number, x: number, y: number, visit: RowPair): void {
  const { kernel, input, output, stride, padding, dilation } = geometry;
  const columns = Array.from({ length: kernel[2] }, (_, k) => overlap(geometry, k));
  for (let kd = 0; kd < kernel[0]; kd++) {
    for (let kh = 0; kh < kernel[1]; kh++) {
      for (let d = 0; d < output[0]; d++) {
        const depth = d * stride[0] + kd * dilation[0] - padding[0];
        if (depth < 0 || depth >= input[0]) continue;
        for (let h = 0; h < output[1]; h++) {
          const height = h * stride[1] + kh * dilation[1] - padding[1];
          if (height < 0 || height >= input[1]) continue;
          const [rowX, rowY] = [x + (depth * input[1] + height) * input[2], y + (d * output[1] + h) * output[2]];
          columns.forEach(({ first, count, start }, kw) => {
            if (count > 0) visit(weight + (kd * kernel[1] + kh) * kernel[2] + kw, rowX + start, rowY + first, count);
          });
        }
      }
    }
  }
}

/** Which outputs of a row see the input through kernel column k: `count` of them from `first`, reading from `start`. */
function overlap(geometry: ConvGeometry, k: number): { first: number; count: number; start: number } {
  const shift = k * geometry.dilation[2] - geometry.padding[2];
  const stride = geometry.stride[2];
  const first = Math.max(0, Math.ceil(-shift / stride));
  const last = Math.min(geometry.output[2] - 1, Math.floor((geometry.input[2] - 1 - shift) / stride));
  return { first, count: last - first + 1, start: first * stride + shift };
}

function volume(axes: readonly [number, number, number]): number {
  return axes[0] * axes[1] * axes[2];
}

function rounded(values: Float64Array, like: ReferenceStorage): ReferenceStorage {
  const out = allocate(values.length, like.dtype);
  out.values.set(values);
  return out;
}
