/** @file Matrix products and convolutions. */
import fc from 'fast-check';
import {
  type Convolution,
  convolution1d,
  convolution2d,
  convolution3d,
} from '../../../src/testing/arbitraries/convolutions.js';
import { matmulShapes } from '../../../src/testing/arbitraries/matmulShapes.js';
import { type Genes, picks } from './gene.js';

const activation = fc.constantFrom('none', 'none', 'relu');
const size = fc.integer({ min: 1, max: 9 });

const matmul: Genes = fc
  .record({ shapes: matmulShapes({ maxSize: 9 }), pickA: picks, pickB: picks })
  .map(({ shapes: { a, b }, pickA, pickB }) => (builder) => {
    builder.call('matmul', builder.shaped(pickA, a), builder.shaped(pickB, b));
  });

const linear: Genes = fc
  .record({
    leading: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    features: size,
    out: size,
    picks: fc.tuple(picks, picks, picks),
    hasBias: fc.boolean(),
    activation,
  })
  .map(({ leading, features, out, picks: [pickX, pickW, pickB], hasBias, activation }) => (builder) => {
    const x = builder.shaped(pickX, [...leading, features]);
    const weight = builder.shaped(pickW, [out, features]);
    const bias = hasBias ? builder.shaped(pickB, [out]) : undefined;
    builder.call('linear', x, weight, bias, { activation });
  });

/** Geometries for which a set has algorithms of their own: residual networks' 3×3 and 1×1, and one filter per channel. */
const special: fc.Arbitrary<Convolution> = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    channels: fc.constantFrom(8, 16),
    side: fc.integer({ min: 3, max: 17 }),
    kernel: fc.constantFrom(3, 3, 1),
    stride: fc.constantFrom(1, 1, 2),
    isDepthwise: fc.boolean(),
  })
  .map(({ batch, channels, side, kernel, stride, isDepthwise }) => ({
    shape: [batch, channels, side, isDepthwise ? side : Math.min(side, 12)],
    weightShape: [channels, isDepthwise ? 1 : channels, kernel, kernel],
    stride: [stride, stride],
    padding: [kernel >> 1, kernel >> 1],
    dilation: [1, 1],
    groups: isDepthwise ? channels : 1,
  }));

const geometries = fc.oneof(
  { weight: 9, arbitrary: convolution1d({ maxKernel: 4, maxChannels: 3, maxExtra: 6 }) },
  { weight: 9, arbitrary: convolution2d({ maxChannels: 3, maxExtra: 3 }) },
  { weight: 5, arbitrary: convolution3d({ maxExtra: 2 }) },
  { weight: 1, arbitrary: special },
);

const convolution: Genes = fc
  .record({
    geometry: geometries,
    picks: fc.tuple(picks, picks, picks),
    hasBias: fc.boolean(),
    activation,
    isUnbatched: fc.boolean(),
  })
  .map(({ geometry, picks: [pickX, pickW, pickB], hasBias, activation, isUnbatched }) => (builder) => {
    const { shape, weightShape, ...window } = geometry;
    const x = builder.shaped(pickX, isUnbatched && shape[0] === 1 ? shape.slice(1) : shape);
    const weight = builder.shaped(pickW, weightShape);
    const bias = hasBias ? { bias: builder.shaped(pickB, [weightShape[0] ?? 1]) } : {};
    builder.call(`conv${shape.length - 2}d`, x, weight, { ...window, ...bias, activation });
  });

export const products: Genes = fc.oneof(matmul, linear, convolution, convolution, convolution);
