import { describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.js';
import * as ops from '../../src/ops/index.js';
import { randn, tensor } from '../../src/tensor/create.js';
import { Generator } from '../../src/tensor/generator.js';
import { Parameter } from '../../src/tensor/parameter.js';
import type { Tensor } from '../../src/tensor/tensor.js';

const same = async (a: Tensor, b: Tensor) => {
  expect(a.shape).toEqual(b.shape);
  expect(await a.data()).toEqual(await b.data());
};

const x1 = randn([2, 4, 6]);
const x2 = randn([2, 4, 6, 6]);
const x3 = randn([2, 4, 6, 6, 6]);

describe('layers compute what their operations do', () => {
  test('Linear', async () => {
    const x = randn([3, 5]);
    const layer = new nn.Linear(5, 2);
    await same(layer.forward(x), ops.linear(x, layer.weight, layer.bias));
    const bare = new nn.Linear(5, 2, { bias: false });
    await same(bare.forward(x), ops.linear(x, bare.weight));
  });

  test('Conv1d, Conv2d, Conv3d with stride, padding, dilation, groups', async () => {
    const options = { kernelSize: 3, stride: 2, padding: 1, dilation: 1, groups: 2 };
    const { kernelSize: _, ...rest } = options;
    const [one, two, three] = [
      new nn.Conv1d(4, 6, options),
      new nn.Conv2d(4, 6, { ...options, bias: false }),
      new nn.Conv3d(4, 6, options),
    ];
    expect(one.weight.shape).toEqual([6, 2, 3]);
    expect(three.weight.shape).toEqual([6, 2, 3, 3, 3]);
    await same(one.forward(x1), ops.conv1d(x1, one.weight, { ...rest, bias: one.bias }));
    await same(two.forward(x2), ops.conv2d(x2, two.weight, rest));
    await same(three.forward(x3), ops.conv3d(x3, three.weight, { ...rest, bias: three.bias }));
    expect(new nn.Conv2d(4, 6, { kernelSize: [1, 3] }).weight.shape).toEqual([6, 4, 1, 3]);
  });

  test('Conv2d refuses groups that divide no channels', () => {
    expect(() => new nn.Conv2d(3, 4, { kernelSize: 1, groups: 2 })).toThrow(
      'Conv2d: groups must divide the channels in (3) and out (4), got 2',
    );
  });

  test('BatchNorm uses and moves batch statistics in training, running ones in evaluation', async () => {
    const layer = new nn.BatchNorm2d(4, { momentum: 0.5 });
    const before = await layer.runningMean.data();
    await same(layer.forward(x2), ops.batchNorm(x2, { training: true }));
    expect(await layer.runningMean.data()).not.toEqual(before);
    const { runningMean, runningVar } = layer;
    await same(layer.eval().forward(x2), ops.batchNorm(x2, { runningMean, runningVar }));
    expect(layer.parameters()).toHaveLength(2);
    expect(new nn.BatchNorm1d(4, { affine: false }).parameters()).toHaveLength(0);
  });

  test('BatchNorm checks the rank that its name promises', () => {
    expect(() => new nn.BatchNorm2d(4).forward(x1)).toThrow('BatchNorm2d: input must have rank 4, got [2,4,6]');
    expect(() => new nn.BatchNorm1d(4).forward(x2)).toThrow('BatchNorm1d: input must have rank 2 or 3');
    expect(new nn.BatchNorm1d(4).forward(x1).shape).toEqual(x1.shape);
    expect(new nn.BatchNorm3d(4).forward(x3).shape).toEqual(x3.shape);
  });

  test('BatchNorm with the activation relu', async () => {
    const fused = new nn.BatchNorm2d(4, { activation: 'relu' });
    await same(fused.forward(x2), ops.relu(ops.batchNorm(x2, { training: true })));
  });

  test.each([
    ['ReLU', new nn.ReLU(), ops.relu],
    ['LeakyReLU', new nn.LeakyReLU(0.3), (x: Tensor) => ops.leakyRelu(x, 0.3)],
    ['GELU', new nn.GELU(), ops.gelu],
    ['SiLU', new nn.SiLU(), ops.silu],
    ['Sigmoid', new nn.Sigmoid(), ops.sigmoid],
    ['Tanh', new nn.Tanh(), ops.tanh],
    ['Softplus', new nn.Softplus(), ops.softplus],
    ['Softmax', new nn.Softmax(1), (x: Tensor) => ops.softmax(x, 1)],
    ['LogSoftmax', new nn.LogSoftmax(), (x: Tensor) => ops.logSoftmax(x)],
    ['Flatten', new nn.Flatten(), (x: Tensor) => ops.flatten(x)],
    ['Identity', new nn.Identity(), (x: Tensor) => x],
    ['AdaptiveAvgPool', new nn.AdaptiveAvgPool(2), (x: Tensor) => ops.adaptiveAvgPool(x, 2)],
    ['AdaptiveMaxPool', new nn.AdaptiveMaxPool(4), (x: Tensor) => ops.adaptiveMaxPool(x, 4)],
    [
      'AdaptiveSoftPool',
      new nn.AdaptiveSoftPool(2, { beta: 2 }),
      (x: Tensor) => ops.adaptiveSoftPool(x, 2, { beta: 2 }),
    ],
  ] as const)('%s', async (_, layer: nn.Module, operation) => {
    await same(layer.forward(x2), operation(x2));
  });

  test('Dropout drops in training only, from its generator', async () => {
    const draw = () => new nn.Dropout(0.5, { generator: new Generator(5) }).forward(x2);
    await same(draw(), draw());
    const zeros = (await draw().data()).filter((value) => value === 0).length;
    expect(Math.abs(zeros / x2.size - 0.5)).toBeLessThan(0.15);
    await same(new nn.Dropout(0.5).eval().forward(x2), x2);
    expect(() => new nn.Dropout(2)).toThrow('Dropout: p must lie between 0 and 1, got 2');
  });
});

describe('pooling layers', () => {
  const window = { kernelSize: 3, stride: 2, padding: 1, ceilMode: true };

  test.each([
    ['MaxPool1d', new nn.MaxPool1d(window), x1, ops.maxPool1d(x1, window)],
    ['MaxPool2d', new nn.MaxPool2d({ kernelSize: [2, 3] }), x2, ops.maxPool2d(x2, { kernelSize: [2, 3] })],
    ['MaxPool3d', new nn.MaxPool3d(window), x3, ops.maxPool3d(x3, window)],
    ['AvgPool1d', new nn.AvgPool1d(window), x1, ops.avgPool1d(x1, window)],
    [
      'AvgPool2d',
      new nn.AvgPool2d({ ...window, countIncludePad: false }),
      x2,
      ops.avgPool2d(x2, { ...window, countIncludePad: false }),
    ],
    ['AvgPool3d', new nn.AvgPool3d(window), x3, ops.avgPool3d(x3, window)],
    ['SoftPool1d', new nn.SoftPool1d(window), x1, ops.softPool1d(x1, window)],
    ['SoftPool2d', new nn.SoftPool2d({ ...window, beta: 3 }), x2, ops.softPool2d(x2, { ...window, beta: 3 })],
    ['SoftPool3d', new nn.SoftPool3d(window), x3, ops.softPool3d(x3, window)],
    [
      'ImportancePool1d',
      new nn.ImportancePool1d({ ...window, logits: ops.neg }),
      x1,
      ops.importancePool1d(x1, ops.neg(x1), window),
    ],
    [
      'ImportancePool2d',
      new nn.ImportancePool2d({ ...window, logits: ops.neg }),
      x2,
      ops.importancePool2d(x2, ops.neg(x2), window),
    ],
    [
      'ImportancePool3d',
      new nn.ImportancePool3d({ ...window, logits: ops.neg }),
      x3,
      ops.importancePool3d(x3, ops.neg(x3), window),
    ],
  ] as const)('%s computes what its operation does', async (_, layer: nn.Module, x, expected) => {
    await same(layer.forward(x), expected);
  });

  test('SoftPool2d learns a beta that is a parameter', () => {
    const layer = new nn.SoftPool2d({ kernelSize: 2, beta: new Parameter(tensor([1, 1, 1, 1])) });
    expect(Object.keys(layer.stateDict())).toEqual(['beta']);
    ops.sum(layer.forward(x2)).backward();
    expect(layer.parameters()[0]?.grad?.shape).toEqual([4]);
  });

  test('ImportancePool2d trains a logit network', () => {
    const layer = new nn.ImportancePool2d({ kernelSize: 2, logits: new nn.Conv2d(4, 4, { kernelSize: 1 }) });
    expect(Object.keys(layer.stateDict())).toEqual(['logits.weight', 'logits.bias']);
    ops.sum(layer.forward(x2)).backward();
    expect(layer.parameters().every((parameter) => parameter.grad)).toBe(true);
  });

  test('AvgPool2d refuses a dilated window', () => {
    expect(() => new nn.AvgPool2d({ kernelSize: 2, dilation: 2 })).toThrow('AvgPool2d: has no dilation, got [2]');
  });
});
