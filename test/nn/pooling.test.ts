import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.js';
import { mul, softPool2d } from '../../src/ops/index.js';
import { ones, randn } from '../../src/tensor/create.js';
import { Generator } from '../../src/tensor/generator.js';
import { Parameter } from '../../src/tensor/parameter.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** A strategy that learns one value per channel and draws from its generator, as larger ones do. */
class ScaledPool extends nn.PoolLayer {
  readonly scale: Parameter;

  constructor({ rank, generator, ...options }: nn.PoolStrategyOptions) {
    super(rank, options);
    generator.normal();
    this.scale = new Parameter(ones([options.channels ?? 1, 1, 1]));
  }

  override forward(x: Tensor): Tensor {
    return softPool2d(mul(x, this.scale), this.window);
  }
}

nn.registerPool('scaled-for-test', {
  summary: 'learns a scale',
  needsChannels: true,
  create: (options) => new ScaledPool(options),
});

describe('the pooling registry', () => {
  test('makes layers by name, for each rank', () => {
    expect(nn.pool('soft', { kernelSize: 2 })).toBeInstanceOf(nn.SoftPool);
    expect(nn.pool('max', { kernelSize: 2, rank: 3 }).forward(ones([1, 1, 4, 4, 4])).shape).toEqual([1, 1, 2, 2, 2]);
    expect(nn.pool('avg', { kernelSize: 2, rank: 1 }).forward(ones([1, 1, 4])).shape).toEqual([1, 1, 2]);
  });

  test('lists what there is', () => {
    expect(nn.poolNames()).toEqual(expect.arrayContaining(['soft', 'max', 'avg']));
    for (const name of nn.poolNames()) expect(nn.poolStrategy(name).summary).not.toBe('');
  });

  test('refuses unknown names, names that are taken, and missing channels', () => {
    expect(() => nn.pool('hard', { kernelSize: 2 })).toThrow("pool: no strategy 'hard'; there are avg, max, soft");
    expect(() => nn.registerPool('soft', nn.poolStrategy('max'))).toThrow("already a strategy 'soft'");
    expect(() => nn.pool('scaled-for-test', { kernelSize: 2 })).toThrow('pass { channels }');
  });
});

describe('replacePooling', () => {
  const model = () =>
    new nn.Sequential(
      new nn.Conv2d(1, 4, { kernelSize: 3 }),
      new nn.MaxPool2d({ kernelSize: [3, 2], stride: 2, padding: [1, 0], ceilMode: true }),
      new nn.Sequential(new nn.AvgPool2d({ kernelSize: 2, stride: 1 })),
      new nn.AdaptiveAvgPool(1),
    );

  test('keeps the geometry, reaches nested layers, leaves adaptive ones alone', () => {
    const original = model();
    const x = randn([2, 1, 9, 9]);
    const shapes: string[] = [];
    const observe = () =>
      nn.observeForward(
        original,
        ({ name, output }) => shapes.push(`${name}: ${output.shape}`),
        () => original.forward(x),
      );
    observe();
    const before = shapes.splice(0);
    expect(nn.replacePooling(original.eval(), 'soft')).toBe(original);
    observe();
    expect(shapes).toEqual(before);
    const pools = original.modules().filter((module) => module instanceof nn.PoolLayer);
    expect(pools.map((pool) => pool.constructor)).toEqual([nn.SoftPool, nn.SoftPool]);
    expect(pools[0]).toMatchObject({ kernelSize: [3, 2], stride: 2, padding: [1, 0], ceilMode: true, training: false });
  });

  test('equals a model that was built with that pooling', async () => {
    const build = (pool: string) => nn.models.smallCnn({ pool, generator: new Generator(1) }).eval();
    const x = randn([2, 3, 8, 8]);
    const replaced = nn.replacePooling(build('max'), 'avg');
    expect(await replaced.forward(x).data()).toEqual(await build('avg').forward(x).data());
  });

  test('finds out channels from a sample', () => {
    expect(() => nn.replacePooling(model(), 'scaled-for-test')).toThrow(
      "'scaled-for-test' learns something per channel, and 1 doesn't know its channels; pass { sample: x }",
    );
    const replaced = nn.replacePooling(model(), 'scaled-for-test', { sample: randn([1, 1, 9, 9]) });
    expect(replaced.stateDict()['1.scale']?.shape).toEqual([4, 1, 1]);
    expect(replaced.training).toBe(true);
  });

  test('refuses a model that is itself a pooling layer', () => {
    expect(() => nn.replacePooling(new nn.MaxPool2d({ kernelSize: 2 }), 'soft')).toThrow('itself a pooling layer');
  });
});

describe('the pooled ResNets', () => {
  const weights = async (pool: string) => {
    const model = nn.models.resnet8({ pool, generator: new Generator(7) });
    const state = Object.entries(model.stateDict()).filter(([name]) => !name.includes('pool'));
    const digest = (values: ArrayLike<number>) => createHash('sha256').update(Float32Array.from(values)).digest('hex');
    return Promise.all(state.map(async ([name, value]) => [name, digest(await value.data())]));
  };

  test('begin with the same weights for all pools of a seed, one that draws and learns included', async () => {
    const expected = await weights('soft');
    for (const pool of ['max', 'avg', 'scaled-for-test']) expect(await weights(pool)).toEqual(expected);
  });

  test.each([
    ['resnet8', nn.models.resnet8, 78_042],
    ['resnet20', nn.models.resnet20, 272_474],
    ['resnet32', nn.models.resnet32, 466_906],
  ] as const)('%s has the layers and the parameters of the paper', (name, make, count) => {
    const model = make();
    expect(nn.countParameters(model)).toBe(count);
    const layers = model.modules().filter((module) => module instanceof nn.Conv || module instanceof nn.Linear);
    const shortcuts = model.namedModules().filter(([path]) => path.endsWith('shortcut.0'));
    expect(layers.length - shortcuts.length).toBe(Number(name.slice(6)));
    const pools = model.namedModules().filter(([, module]) => module instanceof nn.PoolLayer);
    expect(pools.map(([path]) => path)).toEqual(['layer2.0.pool', 'layer3.0.pool']);
  });

  test('take other numbers of classes and channels', () => {
    const model = nn.models.resnet8({ numClasses: 3, inChannels: 1 }).eval();
    expect(model.forward(randn([2, 1, 8, 8])).shape).toEqual([2, 3]);
    expect(
      nn.models.smallCnn({ numClasses: 3, inChannels: 1, widths: [2, 4, 6] }).forward(randn([2, 1, 8, 8])).shape,
    ).toEqual([2, 3]);
  });
});
