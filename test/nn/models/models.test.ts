import { describe, expect, test } from 'vitest';
import * as nn from '../../../src/nn/index.js';
import { crossEntropy } from '../../../src/ops/index.js';
import { SGD } from '../../../src/optim/index.js';
import { randn, zeros } from '../../../src/tensor/create.js';
import { Generator } from '../../../src/tensor/generator.js';
import { noGrad } from '../../../src/tensor/gradMode.js';
import { memory, scope } from '../../../src/tensor/scope.js';
import type { Tensor } from '../../../src/tensor/tensor.js';

const CLASSES = 3;
const BATCH = 8;
const { modelNames, modelRegistry, createModel } = nn.models;
type Name = nn.models.ModelName;

/** One sample of the smallest size that a model promises to take. */
function smallestSample(name: Name): number[] {
  const { rank, leastSize } = modelRegistry[name];
  return [rank === 2 ? 3 : 1, ...new Array<number>(rank).fill(leastSize)];
}

/** Narrow ones of each architecture: what is tested here doesn't depend on the width. */
const narrow: Partial<Record<Name, (options: nn.models.ModelOptions) => nn.Module>> = {
  smallCnn: nn.models.smallCnn,
  resnet8: (options) => nn.models.resnet8({ ...options, widths: [4, 8, 16] }),
  wideResnet: (options) => nn.models.wideResnet({ ...options, width: 1 }),
  resnext: (options) => nn.models.resnext({ ...options, cardinality: 2, stem: 4 }),
  densenet: (options) => nn.models.densenet({ ...options, depth: 10, growth: 4 }),
  inception: (options) => nn.models.inception({ ...options, width: 8 }),
  vgg: (options) => nn.models.vgg({ ...options, width: 2 }),
  waveformCnn: (options) => nn.models.waveformCnn({ ...options, width: 8 }),
  resnet3d: (options) => nn.models.resnet3d({ ...options, widths: [4, 8, 16] }),
};
const architectures = modelNames().filter((name) => narrow[name]);

function build(name: Name, pool = 'soft', seed = 1): nn.Module {
  const options = { numClasses: CLASSES, inChannels: smallestSample(name)[0], pool, generator: new Generator(seed) };
  return narrow[name]?.(options) ?? modelRegistry[name].create(options);
}

const batchFor = (name: Name): Tensor => randn([BATCH, ...smallestSample(name)], { generator: new Generator(2) });

const labels = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES);

/** The output shape of every module, by its path, but for what a pooling layer is made of. */
function outputShapes(model: nn.Module, x: Tensor): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const watch = ({ name, output }: nn.ForwardCall): void => void shapes.set(name, output.shape);
  scope(() => noGrad(() => void nn.observeForward(model.eval(), watch, () => model.forward(x))));
  const layers = model.namedModules().filter(([, module]) => module instanceof nn.PoolLayer);
  const inside = (path: string): boolean => layers.some(([layer]) => path.startsWith(`${layer}.`));
  return new Map([...shapes].filter(([path]) => !inside(path)));
}

const pools = (model: nn.Module): nn.PoolLayer[] =>
  model.modules().filter((module): module is nn.PoolLayer => module instanceof nn.PoolLayer);

describe.each(architectures)('%s', (name) => {
  test('takes its smallest samples and nothing smaller', () => {
    const [channels = 1, ...spatial] = smallestSample(name);
    expect(build(name).forward(batchFor(name)).shape).toEqual([BATCH, CLASSES]);
    const smaller = spatial.map((size, axis) => (axis === 0 ? size - 1 : size));
    expect(() => createModel(name, { sampleShape: [channels, ...smaller] })).toThrow(`${name} takes samples`);
    const model = build(name);
    if (smaller[0] !== 0) expect(() => model.forward(zeros([1, channels, ...smaller]))).toThrow(/exceeds/);
  });

  test('sends a gradient that is not all zero to every parameter', async () => {
    const model = build(name);
    crossEntropy(model.forward(batchFor(name)), labels).backward();
    for (const [path, { grad }] of model.namedParameters()) {
      const values = [...((await grad?.data()) ?? [])];
      expect(values.every(Number.isFinite), path).toBe(true);
      expect(
        values.some((value) => value !== 0),
        path,
      ).toBe(true);
    }
  });

  test('learns a batch: its loss falls by half within 12 steps', async () => {
    const model = build(name);
    const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
    const x = batchFor(name);
    const losses: number[] = [];
    for (let step = 0; step < 12; step++) {
      const loss = scope(() => {
        const value = crossEntropy(model.forward(x), labels);
        value.backward();
        optimizer.step();
        optimizer.zeroGrad();
        return value;
      });
      losses.push(await loss.item());
    }
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
  });

  test('leaves no tensor behind', () => {
    const before = memory();
    scope(() => {
      const model = build(name);
      scope(() => crossEntropy(model.forward(batchFor(name)), labels).backward());
      model.dispose();
    });
    expect(memory()).toEqual(before);
  });

  test('changes size in pools alone: every convolution has stride 1', () => {
    const convolutions = build(name)
      .modules()
      .filter((module) => module instanceof nn.Conv);
    expect(convolutions.length).toBeGreaterThan(2);
    for (const { options } of convolutions) expect(options.stride ?? 1).toBe(1);
  });

  test.each(nn.poolNames())('keeps its sizes with %s pooling, built or replaced', (pool) => {
    const x = batchFor(name);
    const expected = outputShapes(build(name, 'max'), x);
    const built = build(name, pool);
    expect(outputShapes(built, x)).toEqual(expected);
    const replaced = nn.replacePooling(build(name, 'max'), pool);
    expect(outputShapes(replaced, x)).toEqual(expected);
    expect(pools(replaced).map(({ window }) => window)).toEqual(pools(built).map(({ window }) => window));
    expect(pools(replaced).map((layer) => layer.constructor)).toEqual(pools(built).map((layer) => layer.constructor));
    expect(pools(built).every(({ channels }) => channels !== undefined)).toBe(true);
  });

  test('begins with the same weights for every pooling', () => {
    const weights = (pool: string): [string, Float32Array | Float64Array][] => {
      const model = build(name, pool);
      const ofPools = new Set(pools(model).flatMap((layer) => layer.parameters()));
      const others = model.namedParameters().filter(([, parameter]) => !ofPools.has(parameter));
      return others.map(([path, parameter]) => [path, parameter.dataSync()]);
    };
    const expected = weights('soft');
    for (const pool of nn.poolNames()) expect(weights(pool)).toEqual(expected);
  });
});

describe('the registry', () => {
  test('has no model that goes untested here, but deeper ones of the same code', () => {
    expect(modelNames().filter((name) => !narrow[name])).toEqual(['resnet20', 'resnet32']);
  });

  test('has a line about each model, whose function stands beside it', () => {
    for (const name of modelNames()) {
      expect(modelRegistry[name].summary).toMatch(/\w/);
      expect(nn.models[name]).toBe(modelRegistry[name].create);
    }
  });

  test('tells which models take samples of a shape', () => {
    expect(modelNames([1, 512])).toEqual(['waveformCnn']);
    expect(modelNames([1, 8, 16, 16])).toEqual(['resnet3d']);
    expect(modelNames([3, 32, 32])).toEqual(expect.arrayContaining(['smallCnn', 'vgg', 'densenet']));
    expect(modelNames([1, 28, 28])).not.toContain('vgg');
    expect(modelNames([7])).toEqual([]);
  });

  test('refuses unknown names and samples that do not fit, and lists what does', () => {
    const create = (name: string, sampleShape: readonly number[]) => () => createModel(name, { sampleShape });
    expect(create('alexnet', [3, 32, 32])).toThrow("createModel: no model 'alexnet'; there are smallCnn, resnet8");
    expect(create('resnet3d', [1, 512])).toThrow(
      'createModel: resnet3d takes samples of a channel axis and 3 more axes of at least 4, not [1,512]; ' +
        'for those there are waveformCnn',
    );
    expect(create('vgg', [3, 16, 16])).toThrow(/2 more axes of at least 32, not \[3,16,16\]; .* smallCnn, resnet8/);
    expect(create('waveformCnn', [5])).toThrow('1 more axis of at least 256, not [5]; no model takes those');
    expect(create('toString', [3, 32, 32])).toThrow("no model 'toString'");
  });
});
