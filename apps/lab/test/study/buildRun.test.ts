import { Generator } from 'softgrad';
import { shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { buildLoaders, buildModel, buildRun } from '../../src/study/buildRun.js';
import { AUGMENT_NAMES, recipe, type StudySettings } from '../../src/study/settings.js';
import { settings } from '../support.js';

const data = { train: shapes({ split: 'train', count: 24 }), test: shapes({ split: 'test', count: 16 }) };

/** The bits of all initial weights outside of pooling layers, by name. */
function weights(model: StudySettings['model'], pool: string, seed: number): [string, Int32Array][] {
  const built = buildModel({ model }, pool, data, new Generator(seed).fork('weights'));
  const shared = built.namedParameters().filter(([name]) => !name.includes('pool'));
  const found = shared.map(([name, value]): [string, Int32Array] => [name, bits(value.dataSync())]);
  built.dispose();
  return found;
}

/** Two epochs of training batches, and the test batches. */
function batches(seed: number): unknown[] {
  const loaders = buildLoaders({ batchSize: 8, augment: [...AUGMENT_NAMES] }, data, new Generator(seed));
  return [...loaders.train, ...loaders.train, ...loaders.test].map(({ x, labels, indices }) => [
    bits(x.dataSync()),
    labels,
    indices,
  ]);
}

function bits(values: Float32Array | Float64Array): Int32Array {
  return new Int32Array(values.slice().buffer);
}

describe.each(['smallCnn', 'resnet8'] as const)('the initial weights of %s', (model) => {
  const first = weights(model, 'soft', 3);

  test.each(nn.poolNames())('are the same bits with %s pooling as with soft', (pool) => {
    expect(weights(model, pool, 3)).toEqual(first);
  });

  test('are others for another seed', () => {
    expect(weights(model, 'soft', 4)).not.toEqual(weights(model, 'soft', 3));
  });
});

test.each(['stochastic', 'gated'])('%s pooling, while it trains, shifts no batch of the run', (pool) => {
  const seen = (name: string): unknown[] => {
    const run = buildRun({ ...recipe.parse(settings), augment: [...AUGMENT_NAMES], pool: name, seed: 3 }, data);
    const batches = [...run.train, ...run.train].map(({ x, indices }) => {
      run.model.forward(x).dispose();
      return [bits(x.dataSync()), indices];
    });
    run.model.dispose();
    return batches;
  };
  expect(seen(pool)).toEqual(seen('soft'));
});

describe('the batches', () => {
  test('are the same bits whenever they are built from one seed', () => {
    expect(batches(3)).toEqual(batches(3));
  });

  test('do not depend on what was drawn for the weights before', () => {
    const streams = new Generator(3);
    const fresh = buildLoaders(settings, data, new Generator(3)).train;
    buildModel(settings, 'soft', data, streams.fork('weights')).dispose();
    const later = buildLoaders(settings, data, streams).train;
    expect([...later].map(({ x }) => bits(x.dataSync()))).toEqual([...fresh].map(({ x }) => bits(x.dataSync())));
  });

  test('are others for another seed', () => {
    expect(batches(4)).not.toEqual(batches(3));
  });
});
