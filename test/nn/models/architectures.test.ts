import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../../../src/errors.js';
import * as nn from '../../../src/nn/index.js';
import { randn } from '../../../src/tensor/create.js';

const { models } = nn;
/** Trained values of a k×k convolution without bias, of a batch norm, and of a linear layer. */
const conv = (from: number, to: number, k: number, groups = 1): number => (from / groups) * to * k * k;
const norm = (channels: number): number => 2 * channels;
const linear = (from: number, to: number): number => (from + 1) * to;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('wideResnet', () => {
  const expected = (depth: number, width: number, classes: number): number => {
    const blocks = (depth - 4) / 6;
    const block = (from: number, to: number): number =>
      norm(from) + conv(from, to, 3) + norm(to) + conv(to, to, 3) + (from === to ? 0 : conv(from, to, 1));
    const widths = [16 * width, 32 * width, 64 * width];
    const stages = widths.map((to, i) => block(widths[i - 1] ?? 16, to) + (blocks - 1) * block(to, to));
    return conv(3, 16, 3) + sum(stages) + norm(64 * width) + linear(64 * width, classes);
  };

  test.each([
    [10, 2, 10],
    [16, 1, 10],
    [16, 2, 100],
    [40, 1, 10],
  ])('WRN-%i-%i for %i classes has as many parameters as the formula says', (depth, width, numClasses) => {
    expect(nn.countParameters(models.wideResnet({ depth, width, numClasses }))).toBe(
      expected(depth, width, numClasses),
    );
  });

  test.each([
    [40, 1, '0.6'],
    [40, 2, '2.2'],
    [40, 4, '8.9'],
    [16, 8, '11.0'],
    [28, 10, '36.5'],
  ])('the formula agrees with table 4 of the paper: WRN-%i-%i, %s million', (depth, width, millions) => {
    expect((expected(depth, width, 10) / 1e6).toFixed(1)).toBe(millions);
  });

  test('refuses depths between', () => {
    expect(() => models.wideResnet({ depth: 12 })).toThrow(
      'wideResnet: depth must be 6n + 4 (10, 16, 22, 28 …), got 12',
    );
    expect(() => models.wideResnet({ width: 0.5 })).toThrow(ArgumentError);
  });
});

describe('resnext', () => {
  const expected = ({ stem = 16, cardinality = 8, width = 4, blocks = 1 }): number => {
    const block = (from: number, to: number, inner: number): number =>
      conv(from, inner, 1) +
      norm(inner) +
      conv(inner, inner, 3, cardinality) +
      norm(inner) +
      conv(inner, to, 1) +
      norm(to) +
      (from === to ? 0 : conv(from, to, 1) + norm(to));
    const stages = [0, 1, 2].map((i) => {
      const [to, inner] = [4 * stem * 2 ** i, cardinality * width * 2 ** i];
      return block(i === 0 ? stem : to / 2, to, inner) + (blocks - 1) * block(to, to, inner);
    });
    return conv(3, stem, 3) + norm(stem) + sum(stages) + linear(16 * stem, 10);
  };

  test.each([{}, { cardinality: 4, width: 8 }, { cardinality: 1, width: 16, blocks: 2, stem: 8 }])(
    '%j has as many parameters as the formula says',
    (options) => {
      expect(nn.countParameters(models.resnext(options))).toBe(expected(options));
    },
  );

  test.each([
    [8, 34.4],
    [16, 68.1],
  ])('the formula agrees with table 7 of the paper: ResNeXt-29, %i×64d, %s million', (cardinality, millions) => {
    const parameters = expected({ stem: 64, cardinality, width: 64, blocks: 3 });
    // The paper prints one digit, cut off rather than rounded.
    expect(Math.floor(parameters / 1e5) / 10).toBe(millions);
  });

  test('refuses parts of a group', () => {
    expect(() => models.resnext({ cardinality: 1.5 })).toThrow(
      'resnext: cardinality must be a positive integer, got 1.5',
    );
  });
});

describe('densenet', () => {
  test.each([
    [40, 12, 176_122],
    [100, 12, 769_162],
  ])('DenseNet-BC-%i-%i has %i parameters, as published', (depth, growth, parameters) => {
    expect(nn.countParameters(models.densenet({ depth, growth }))).toBe(parameters);
  });

  test('grows by k channels a layer, and halves them between blocks', () => {
    const model = models.densenet({ depth: 16, growth: 4 }).eval();
    const shapes = new Map<string, readonly number[]>();
    const watch = ({ name, output }: nn.ForwardCall): void => void shapes.set(name, output.shape);
    nn.observeForward(model, watch, () => model.forward(randn([1, 3, 8, 8])));
    expect(
      ['conv1', 'dense1.0', 'dense1', 'trans1', 'dense2', 'trans2', 'dense3'].map((path) => shapes.get(path)),
    ).toEqual([
      [1, 8, 8, 8],
      [1, 12, 8, 8],
      [1, 16, 8, 8],
      [1, 8, 4, 4],
      [1, 16, 4, 4],
      [1, 8, 2, 2],
      [1, 16, 2, 2],
    ]);
  });

  test('refuses depths between', () => {
    expect(() => models.densenet({ depth: 20 })).toThrow('densenet: depth must be 6n + 4');
    expect(() => models.densenet({ growth: 0 })).toThrow('densenet: growth must be a positive integer, got 0');
  });
});

describe('inception', () => {
  test('at width 64 its blocks have the weights of table 1 of the paper', () => {
    const model = models.inception({ width: 64 });
    const weights = (block: nn.Module): number =>
      sum(block.parameters().map(({ rank, size }) => (rank === 4 ? size : 0)));
    const block = (from: number, [a, b, c, d, e, f]: readonly [number, number, number, number, number, number]) =>
      conv(from, a, 1) + conv(from, b, 1) + conv(b, c, 3) + conv(from, d, 1) + conv(d, e, 5) + conv(from, f, 1);
    expect(weights(model.inception3a)).toBe(block(64, [64, 96, 128, 16, 32, 32]));
    expect(weights(model.inception3b)).toBe(block(256, [128, 128, 192, 32, 96, 64]));
    expect(weights(model.inception4a)).toBe(block(480, [192, 96, 208, 16, 48, 64]));
    expect(weights(model.inception4b)).toBe(block(512, [160, 112, 224, 24, 64, 64]));
    expect(model.inception4b.outChannels).toBe(512);
  });

  test('pools in every block, over windows that overlap', () => {
    const layers = models
      .inception()
      .namedModules()
      .filter(([, module]) => module instanceof nn.PoolLayer);
    const blocks = ['3a', '3b', '4a', '4b'].map((name) => `inception${name}.branch4.0`);
    expect(layers.map(([path]) => path).sort()).toEqual([...blocks, 'pool1', 'pool3']);
    for (const [path, layer] of layers) {
      expect(layer).toMatchObject({ kernelSize: 3, padding: 1, stride: path.startsWith('pool') ? 2 : 1 });
    }
  });

  test('refuses no channels', () => {
    expect(() => models.inception({ width: 0 })).toThrow('inception: width must be a positive integer, got 0');
  });
});

describe('vgg', () => {
  test('at width 64 has the parameters of PyTorch implementations, without their biases in front of batch norm', () => {
    const biases = sum([64, 128, 256, 256, 512, 512, 512, 512]);
    expect(nn.countParameters(models.vgg({ width: 64 })) + biases).toBe(9_231_114);
  });

  test('numbers its layers as PyTorch does', () => {
    const names = Object.keys(models.vgg({ width: 2 }).stateDict());
    const convolutions = [0, 4, 8, 11, 15, 18, 22, 25];
    expect(names.filter((name) => /^features\.\d+\.weight$/.test(name))).toEqual(
      convolutions.flatMap((at) => [`features.${at}.weight`, `features.${at + 1}.weight`]),
    );
    expect(names.slice(-2)).toEqual(['classifier.weight', 'classifier.bias']);
  });

  test('refuses no channels', () => {
    expect(() => models.vgg({ width: -1 })).toThrow('vgg: width must be a positive integer, got -1');
  });
});

describe('waveformCnn', () => {
  test('has the parameters of the PyTorch tutorial, without its biases in front of batch norm', () => {
    const model = models.waveformCnn({ width: 32, kernelSize: 80, numClasses: 35 });
    expect(nn.countParameters(model) + sum([32, 32, 64, 64])).toBe(26_915);
  });

  test('divides the length by 4⁴', () => {
    const model = models.waveformCnn({ width: 2 }).eval();
    const lengths: (number | undefined)[] = [];
    const watch = ({ module, output }: nn.ForwardCall): void => {
      if (module instanceof nn.PoolLayer) lengths.push(output.shape[2]);
    };
    nn.observeForward(model, watch, () => model.forward(randn([1, 1, 1000])));
    expect(lengths).toEqual([250, 62, 15, 3]);
  });

  test('refuses an empty kernel', () => {
    expect(() => models.waveformCnn({ kernelSize: 0 })).toThrow('waveformCnn: kernelSize must be a positive integer');
  });
});

describe('resnet3d', () => {
  test('is the ResNet with a third axis in its kernels and pools', () => {
    const [flat, deep] = [models.resnet8({ widths: [8, 16, 32], inChannels: 1 }), models.resnet3d()];
    const weights = (model: nn.Module): [string, readonly number[]][] =>
      model.namedParameters().map(([name, { shape }]) => [name, shape]);
    expect(weights(deep)).toEqual(
      weights(flat).map(([name, shape]) => [name, shape.length === 4 ? [...shape, shape[3]] : shape]),
    );
    const shapes: (readonly number[])[] = [];
    const watch = ({ module, output }: nn.ForwardCall): void => {
      if (module instanceof nn.PoolLayer) shapes.push(output.shape);
    };
    nn.observeForward(deep, watch, () => deep.forward(randn([1, 1, 8, 16, 12])));
    expect(shapes).toEqual([
      [1, 8, 4, 8, 6],
      [1, 16, 2, 4, 3],
    ]);
  });
});

describe('parameter names are those of PyTorch implementations', () => {
  test.each([
    [
      'wideResnet',
      [
        'conv1.weight',
        'layer2.0.bn1.running_mean',
        'layer2.0.conv2.weight',
        'layer2.0.shortcut.0.weight',
        'bn1.weight',
      ],
    ],
    [
      'resnext',
      [
        'conv1.weight',
        'layer1.0.conv3.weight',
        'layer3.0.bn3.running_var',
        'layer2.0.shortcut.1.weight',
        'linear.bias',
      ],
    ],
    [
      'densenet',
      [
        'conv1.weight',
        'dense1.2.bn2.weight',
        'dense3.0.conv1.weight',
        'trans1.conv.weight',
        'trans2.bn.bias',
        'bn.weight',
      ],
    ],
    [
      'inception',
      [
        'conv1.conv.weight',
        'inception3a.branch1.bn.weight',
        'inception4b.branch2.1.conv.weight',
        'inception3b.branch4.1.conv.weight',
        'fc.weight',
      ],
    ],
    ['waveformCnn', ['conv1.weight', 'bn4.running_var', 'fc1.weight']],
    ['resnet3d', ['conv1.weight', 'layer3.0.conv1.weight', 'layer2.0.shortcut.0.weight', 'linear.weight']],
  ] as const)('%s', (name, paths) => {
    expect(Object.keys(models[name]().stateDict())).toEqual(expect.arrayContaining([...paths]));
  });
});

test('docs/models.md states the parameters of every model', () => {
  const table = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');
  const rows = [...table.matchAll(/^\| `(\w+)` \|.*\| ([\d,]+) \| [\d.]+ M \|$/gm)];
  const stated = rows.map(([, name, parameters]) => [name, Number(parameters?.replaceAll(',', ''))]);
  const channels = { 1: 1, 2: 3, 3: 1 } as const;
  const counted = models.modelNames().map((name) => {
    const { rank, create } = models.modelRegistry[name];
    return [name, nn.countParameters(create({ inChannels: channels[rank] }))];
  });
  expect(stated).toEqual(counted);
});
