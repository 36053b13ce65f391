/** @file Pooling: fused kernels, adaptive sizes, strategies, and windows side by side. */
import fc from 'fast-check';
import {
  type PoolingWindow,
  poolingWindow1d,
  poolingWindow2d,
  poolingWindow3d,
} from '../../../src/testing/arbitraries/poolingWindows.js';
import { builtIn, functional, layerFor, windowsOf } from '../../support/poolLayers.js';
import type { Arg } from '../program.js';
import { type Genes, picks, position } from './gene.js';

function windows(constraints: { maxDilation?: number; unbatched?: boolean } = {}): fc.Arbitrary<PoolingWindow> {
  return fc.oneof(
    poolingWindow1d({ maxExtra: 12, ...constraints }),
    poolingWindow2d({ maxExtra: 4, ...constraints }),
    poolingWindow3d({ maxKernel: 2, maxExtra: 2, ...constraints }),
  );
}

/** The window as options, axis by axis. */
function optionsOf({ shape: _, ...window }: PoolingWindow): Record<string, Arg> {
  return window;
}

const fused: Genes = fc
  .record({
    name: fc.constantFrom('maxPool', 'softPool', 'softPool', 'sumPool', 'lpPool', 'importancePool'),
    window: windows(),
    pick: picks,
    pickLogits: picks,
    beta: fc.constantFrom<number | 'one' | 'per channel'>(1, 1, 0.5, 0, -1, 4, 'one', 'per channel'),
    gradient: fc.constantFrom('exact', 'exact', 'detached'),
    p: fc.constantFrom(1, 2, 3, 1.5),
  })
  .map(({ name, window, pick, pickLogits, beta, gradient, p }) => (builder) => {
    const rank = window.kernelSize.length;
    const x = builder.shaped(pick, window.shape);
    const options = optionsOf(window);
    if (name === 'importancePool') {
      builder.call(`${name}${rank}d`, x, builder.shaped(pickLogits, window.shape), options);
    } else if (name === 'softPool') {
      const channels = beta === 'one' ? 1 : (window.shape.at(-rank - 1) ?? 1);
      const temperature = typeof beta === 'number' ? beta : builder.shaped(pickLogits, [channels]);
      builder.call(`${name}${rank}d`, x, { ...options, beta: temperature, gradient });
    } else builder.call(`${name}${rank}d`, x, name === 'lpPool' ? { ...options, p } : options);
  });

const average: Genes = fc
  .record({ window: windows({ maxDilation: 1 }), pick: picks, countIncludePad: fc.boolean() })
  .map(({ window, pick, countIncludePad }) => (builder) => {
    const { dilation: _, ...options } = optionsOf(window);
    const x = builder.shaped(pick, window.shape);
    builder.call(`avgPool${window.kernelSize.length}d`, x, { ...options, countIncludePad });
  });

const adaptive: Genes = fc
  .record({
    name: fc.constantFrom('adaptiveAvgPool', 'adaptiveMaxPool', 'adaptiveSoftPool'),
    leading: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    spatial: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    sizes: fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }),
    pick: picks,
  })
  .map(({ name, leading, spatial, sizes, pick }) => (builder) => {
    const outputs = spatial.map((size, i) => 1 + position(sizes[i] ?? 0, size));
    builder.call(name, builder.shaped(pick, [...leading, ...spatial]), outputs);
  });

const strategy: Genes = fc
  .constantFrom(...builtIn)
  .chain((name) =>
    fc.record({
      name: fc.constant(name),
      window: windowsOf(name, 3),
      pick: picks,
      training: fc.boolean(),
    }),
  )
  .map(({ name, window, pick, training }) => (builder) => {
    const rank = window.kernelSize.length;
    const x = builder.shaped(pick, window.shape);
    const { parameters } = functional(layerFor(name, window));
    const learned = parameters.map(({ name, shape }) => builder.leaf(shape, name === 'p' ? 'exponent' : 'any'));
    const options = { ...optionsOf(window), rank, channels: window.shape.at(-rank - 1) };
    builder.call('poolBy', name, options, training, x, learned);
  });

const unfolded: Genes = fc
  .record({
    window: windows({ unbatched: false }),
    pick: picks,
    padValue: fc.constantFrom(0, 0, -1.5),
    folds: fc.boolean(),
  })
  .map(({ window, pick, padValue, folds }) => (builder) => {
    const options = optionsOf(window);
    const rows = builder.call('unfold', builder.shaped(pick, window.shape), { ...options, padValue });
    if (folds && rows) builder.call('fold', rows, [...window.shape], options);
  });

export const pools: Genes = fc.oneof(fused, fused, average, adaptive, strategy, strategy, strategy, unfolded);
