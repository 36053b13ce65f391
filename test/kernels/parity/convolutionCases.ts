/** @file Matrix multiplication and convolution. */
import fc from 'fast-check';
import { type ConvGeometry, convGeometry } from '../../../src/kernels/convGeometry.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import {
  type Convolution,
  convolution1d,
  convolution2d,
  convolution3d,
} from '../../../src/testing/arbitraries/convolutions.js';
import { type Cases, casesOf, input, values } from './kernelCase.js';

const small = fc.integer({ min: 0, max: 20 });

/** Small ones of every form, and some that need more than one block in each direction. */
const products = fc
  .record({
    sizes: fc.oneof(
      { weight: 5, arbitrary: fc.record({ batch: fc.integer({ min: 1, max: 4 }), m: small, n: small, k: small }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { batch: 1, m: 99, n: 261, k: 7 },
          { batch: 1, m: 7, n: 9, k: 515 },
          { batch: 2, m: 97, n: 10, k: 257 },
        ),
      },
    ),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    sharesA: fc.boolean(),
    sharesB: fc.boolean(),
    hasBias: fc.boolean(),
    activation: fc.constantFrom<'none' | 'relu'>('none', 'relu'),
  })
  .map(({ sizes, ...rest }) => ({ ...sizes, ...rest }));

export const matmul: Cases = casesOf(products, (geometry) => {
  const { batch, m, n, k, sharesA, sharesB } = geometry;
  const full = {
    ...geometry,
    batchStrideA: sharesA || batch === 1 ? 0 : m * k,
    batchStrideB: sharesB || batch === 1 ? 0 : k * n,
  };
  return {
    inputs: [
      values(full.batchStrideA ? batch * m * k : m * k, geometry),
      values(full.batchStrideB ? batch * k * n : k * n, geometry, 1),
      values(n, geometry, 2),
    ],
    isSum: true,
    run: (kernels, inputs) => {
      const bias = geometry.hasBias ? input(inputs, 2) : undefined;
      return [kernels.matmul(input(inputs, 0), input(inputs, 1), bias, full, geometry.activation)];
    },
  };
});

const general = fc.oneof(
  convolution1d({ maxKernel: 5, maxChannels: 3, maxExtra: 12 }),
  convolution2d({ maxChannels: 4, maxExtra: 8 }),
  convolution3d({ maxChannels: 2, maxExtra: 3 }),
);

/** The convolutions of residual networks: 3×3 of stride 1 and 1×1, with channels enough for every fast algorithm. */
const residual = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    inChannels: fc.constantFrom(3, 8, 9, 16, 20),
    outChannels: fc.constantFrom(8, 11, 16),
    height: fc.integer({ min: 1, max: 20 }),
    width: fc.integer({ min: 1, max: 20 }),
    padding: fc.integer({ min: 0, max: 2 }),
    kernel: fc.constantFrom(3, 3, 3, 1),
  })
  .filter(({ height, width, padding, kernel }) => Math.min(height, width) + 2 * padding >= kernel)
  .map(
    ({ batch, inChannels, outChannels, height, width, padding, kernel }): Convolution => ({
      shape: [batch, inChannels, height, width],
      weightShape: [outChannels, inChannels, kernel, kernel],
      stride: [1, 1],
      padding: [padding, padding],
      dilation: [1, 1],
      groups: 1,
    }),
  );

/** One filter per channel. */
const depthwise = fc
  .record({
    channels: fc.integer({ min: 1, max: 10 }),
    size: fc.integer({ min: 3, max: 17 }),
    multiplier: fc.constantFrom(1, 1, 2),
    stride: fc.integer({ min: 1, max: 2 }),
  })
  .map(
    ({ channels, size, multiplier, stride }): Convolution => ({
      shape: [2, channels, size, size],
      weightShape: [channels * multiplier, 1, 3, 3],
      stride: [stride, stride],
      padding: [1, 1],
      dilation: [1, 1],
      groups: channels,
    }),
  );

const convolutions = fc.record({
  convolution: fc.oneof(general, residual, depthwise),
  hasBias: fc.boolean(),
  activation: fc.constantFrom<'none' | 'relu'>('none', 'relu'),
});

interface Sized {
  readonly geometry: ConvGeometry;
  readonly x: number;
  readonly weight: number;
  readonly y: number;
}

function sized({ shape, weightShape, ...options }: Convolution): Sized {
  const rank = (shape.length - 2) as 1 | 2 | 3;
  const geometry = convGeometry('conv', shape, weightShape, rank, options);
  const { batch, outChannels, output } = geometry;
  return { geometry, x: sizeOf(shape), weight: sizeOf(weightShape), y: batch * outChannels * sizeOf(output) };
}

export const conv: Cases = casesOf(convolutions, (drawn) => {
  const { geometry, x, weight } = sized(drawn.convolution);
  return {
    inputs: [values(x, drawn), values(weight, drawn, 1), values(geometry.outChannels, drawn, 2)],
    isSum: true,
    mayMixCells: true,
    run: (kernels, inputs) => {
      const bias = drawn.hasBias ? input(inputs, 2) : undefined;
      return [kernels.conv(input(inputs, 0), input(inputs, 1), bias, geometry, drawn.activation)];
    },
  };
});

export const convInputGrad: Cases = casesOf(convolutions, (drawn) => {
  const { geometry, y, weight } = sized(drawn.convolution);
  return {
    inputs: [values(y, drawn), values(weight, drawn, 1)],
    isSum: true,
    mayMixCells: true,
    run: (kernels, inputs) => [kernels.convInputGrad(input(inputs, 0), input(inputs, 1), geometry)],
  };
});

export const convWeightGrad: Cases = casesOf(convolutions, (drawn) => {
  const { geometry, x, y } = sized(drawn.convolution);
  return {
    inputs: [values(y, drawn), values(x, drawn, 1)],
    isSum: true,
    mayMixCells: true,
    run: (kernels, inputs) => [kernels.convWeightGrad(input(inputs, 0), input(inputs, 1), geometry)],
  };
});
