import { Generator } from 'softgrad';
import { shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { AUGMENT_NAMES, type StudySettings } from '../../src/study/study.js';
import { buildLoaders, buildModel, planRuns, trainRun } from '../../src/study/trainRun.js';
import { settings } from '../support.js';

const data = { train: shapes({ split: 'train', count: 24 }), test: shapes({ split: 'test', count: 16 }) };
const pools = ['soft', 'max', 'avg'];

/** The bits of all initial weights, by name. */
function weights(model: StudySettings['model'], pool: string, seed: number): [string, Int32Array][] {
  const built = buildModel({ model }, pool, data, new Generator(seed).fork('weights'));
  const found = built.namedParameters().map(([name, value]): [string, Int32Array] => [name, bits(value.dataSync())]);
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
  test('are the same bits for every pooling', () => {
    const [first, ...others] = pools.map((pool) => weights(model, pool, 3));
    for (const other of others) expect(other).toEqual(first);
  });

  test('are others for another seed', () => {
    expect(weights(model, 'soft', 4)).not.toEqual(weights(model, 'soft', 3));
  });
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

test('a run repeats: same losses, same accuracy', async () => {
  const plan = { pool: 'soft', seed: 5 };
  const [first, second] = [await trainRun(settings, plan, data), await trainRun(settings, plan, data)];
  expect(first?.epochs).toHaveLength(1);
  const numbers = (run: typeof first): unknown => run?.epochs.map(({ seconds: _, ...record }) => record);
  expect(numbers(second)).toEqual(numbers(first));
  expect(first?.parameters).toBe(nn.countParameters(nn.models.smallCnn()));
  expect(first?.peakTensorBytes).toBeGreaterThan(0);
});

test('a run that is told to stop has no result', async () => {
  expect(await trainRun(settings, { pool: 'max', seed: 0 }, data, { signal: AbortSignal.abort() })).toBeUndefined();
});

test('runs go seed by seed', () => {
  expect(planRuns({ pools: ['soft', 'max'], seeds: [4, 7] }).map(({ pool, seed }) => `${pool} ${seed}`)).toEqual([
    'soft 4',
    'max 4',
    'soft 7',
    'max 7',
  ]);
});
