import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as nn from '../../../src/nn/index.js';
import { type GradcheckInput, gradcheck, gradgradcheck } from '../../../src/testing/index.js';
import { builtIn, functional, layerFor, windowsOf } from '../../support/poolLayers.js';

/** Geometries per strategy. */
const FIRST_ORDER = process.env.SOFTGRAD_SLOW_TESTS ? 400 : 50;
const SECOND_ORDER = process.env.SOFTGRAD_SLOW_TESTS ? 100 : 20;

/** Every element of small tensors, a few random directions of larger ones. */
const coverage = { maxElements: 12, directions: 3 };

type Check = typeof gradcheck | typeof gradgradcheck;

/** Checks a strategy in the input and in all that it learns, in both modes, over random geometries. */
async function checkOver(count: number, name: string, check: Check): Promise<void> {
  const samples = fc.record({ window: windowsOf(name, 1), seed: fc.nat({ max: 9999 }), training: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(samples, async ({ window, seed, training }) => {
      const { f, parameters } = functional(layerFor(name, window).train(training), seed);
      const inputs: GradcheckInput[] = [{ shape: window.shape, low: -2, high: 3 }, ...parameters];
      expect((await check(f, inputs, { ...coverage, seed })).passed).toBe(true);
    }),
    { numRuns: count },
  );
}

/** The paper's gradient is not the gradient of what it computes. */
const exact = builtIn.filter((name) => name !== 'soft-detached');

describe.each(exact)('%s', (name) => {
  test(`passes gradcheck in x and in all that it learns, over ${FIRST_ORDER} geometries`, () =>
    checkOver(FIRST_ORDER, name, gradcheck));

  test(`passes gradgradcheck over ${SECOND_ORDER} geometries`, () => checkOver(SECOND_ORDER, name, gradgradcheck));
});

test('gradcheck tells soft-detached from an exact gradient', async () => {
  const layer = nn.pool('soft-detached', { kernelSize: 2 });
  await expect(gradcheck((x) => layer.forward(x), [{ shape: [1, 1, 4, 4] }])).rejects.toThrow('gradcheck');
});
