import { describe, expect, test } from 'vitest';
import { flip, Generator, gradients, tensor } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { wellSeparated } from '../../../src/testing/index.js';
import { expectClose } from '../../support/closeness.js';
import { valuesOf } from '../../support/float64.js';
import { builtIn } from '../../support/poolLayers.js';

const windows = [
  { kernelSize: 2, stride: 2 },
  { kernelSize: 3, stride: 2 },
  { kernelSize: 2, stride: 3 },
  { kernelSize: 4, stride: 4 },
  { kernelSize: 3, stride: 1 },
];

function layerOf(name: string, window: (typeof windows)[number]): nn.PoolLayer {
  return nn.pool(name, { ...window, rank: 1, channels: 1, generator: new Generator(1) }).eval();
}

function shiftOf(name: string, stride: number): number {
  return nn.poolStrategy(name).shift?.(stride) ?? 0;
}

const signal = (cells: number, seed: number): Float32Array =>
  Float32Array.from(wellSeparated(cells, new Generator(seed), { low: 0.1, high: 1 }));

/** The cells that output `index` of `outputs` depends on, found out over many signals: a maximum depends on one at a time. */
function cellsBehind(layer: nn.PoolLayer, cells: number, index: number, outputs: number): number[] {
  const used = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const x = tensor(signal(cells, seed), { shape: [1, 1, cells] });
    x.requiresGrad = true;
    const chosen = Float32Array.from({ length: outputs }, (_, j) => (j === index ? 1 : 0));
    const [gradient] = gradients(layer.forward(x), [x], { gradient: tensor(chosen, { shape: [1, 1, outputs] }) });
    for (const [cell, value] of valuesOf(gradient).entries()) if (value !== 0) used.add(cell);
  }
  return [...used];
}

describe.each(builtIn)('%s', (name) => {
  test.each(windows)('an output is made of cells around the centre that it tells, $kernelSize / $stride', (window) => {
    const { kernelSize, stride } = window;
    const cells = cellsBehind(layerOf(name, window), 7 * stride + kernelSize, 3, 8);
    const centre = 3 * stride + (kernelSize - 1) / 2 + shiftOf(name, stride);
    expect((Math.min(...cells) + Math.max(...cells)) / 2).toBe(centre);
  });

  // The weights of a convolution are what they are.
  test.skipIf(name === 'conv').each(windows)('mirrors what is mirrored about it, $kernelSize / $stride', (window) => {
    const { kernelSize, stride } = window;
    const cells = 7 * stride + kernelSize + 2 * shiftOf(name, stride);
    const [layer, x] = [layerOf(name, window), tensor(signal(cells, 7), { shape: [1, 1, cells] })];
    const mirrored = valuesOf(flip(layer.forward(flip(x, -1)), -1));
    expectClose(mirrored, valuesOf(layer.forward(x)), { rtol: 1e-5, atol: 1e-6 });
  });
});
