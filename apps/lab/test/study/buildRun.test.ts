import { add, avgPool2d, Generator, mul, Parameter, randn, type Tensor } from 'softgrad';
import { shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { buildLoaders, buildModel } from '../../src/study/buildRun.js';
import { AUGMENT_NAMES, type StudySettings } from '../../src/study/settings.js';
import { settings } from '../support.js';

const data = { train: shapes({ split: 'train', count: 24 }), test: shapes({ split: 'test', count: 16 }) };
/** Learns a value per channel, drawn from its generator, and draws from it again in training. */
class Restless extends nn.PoolLayer {
  readonly scale: Parameter;
  readonly generator: Generator;

  constructor({ rank, generator, ...options }: nn.PoolStrategyOptions) {
    super(rank, options);
    this.generator = generator;
    this.scale = new Parameter(randn([options.channels ?? 1, 1, 1], { generator }));
  }

  override forward(x: Tensor): Tensor {
    const noise = this.training ? this.generator.normal() : 0;
    return avgPool2d(add(mul(x, this.scale), noise), this.window);
  }
}

nn.registerPool('restless', {
  summary: 'for this test: own parameters and own random numbers',
  needsChannels: true,
  create: (options) => new Restless(options),
});

const pools = ['soft', 'max', 'avg', 'restless'];

/** The bits of all initial weights, by name. */
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
  test('are the same bits for every pooling, with own parameters, too', () => {
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
