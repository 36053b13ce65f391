import { describe, expect, test } from 'vitest';
import { Generator, memory, mul, randn, tensor, uniform } from '../../../src/index.js';
import { exportOnnx } from '../../../src/io/index.js';
import * as nn from '../../../src/nn/index.js';
import { expectSameInOnnx } from '../../support/onnxRuntime.js';
import { readFixture } from '../../support/readFixture.js';
import { readOnnx } from '../../support/readOnnx.js';

const { modelNames, modelRegistry, createModel } = nn.models;

/** Every model with SoftPool, every pooling in a small model, the common ones in a larger one. */
const models = [
  ...modelNames()
    .map((name) => ({ name, pool: 'soft' }))
    .filter(({ name }) => name !== 'smallCnn'),
  ...nn.poolNames().map((pool) => ({ name: 'smallCnn' as const, pool })),
  ...['max', 'avg'].map((pool) => ({ name: 'resnet8' as const, pool })),
];

/** One sample, `[3, ...spatial]`: small, so that the reference implementations are quick. */
function sampleOf(name: nn.models.ModelName): number[] {
  const { rank, leastSize } = modelRegistry[name];
  return [3, ...new Array<number>(rank).fill(Math.max(leastSize, 8))];
}

/** As after training: running statistics have values of their own. */
function seasoned<M extends nn.Module>(model: M, generator: Generator): M {
  for (const [name, buffer] of model.namedBuffers()) {
    const { shape } = buffer;
    buffer.assign(name.endsWith('var') ? uniform(shape, 0.5, 2, { generator }) : mul(randn(shape, { generator }), 0.1));
  }
  return model;
}

describe('onnxruntime computes what softgrad does for', () => {
  test.each(models)('$name with $pool pooling', async ({ name, pool }) => {
    const generator = new Generator(1);
    const sampleShape = sampleOf(name);
    const model = seasoned(createModel(name, { sampleShape, pool, generator }), generator);
    for (const batch of [1, 3]) {
      const shape = [batch, ...sampleShape];
      const data = await randn(shape, { generator }).data();
      const logits = await expectSameInOnnx(model, { shape, data }, { example: [1, ...sampleShape] });
      // A network whose units are all dead would agree with any other such.
      expect(new Set(logits.data).size).toBe(batch * 10);
    }
  });

  test('a model in one dimension, and one in three', async () => {
    const generator = new Generator(2);
    const wave = new nn.Sequential(
      new nn.Conv1d(2, 8, { kernelSize: 5, padding: 2, stride: 2, generator }),
      new nn.GELU(),
      new nn.SoftPool1d({ kernelSize: 3, stride: 2, padding: 1, ceilMode: true }),
      new nn.Flatten(),
      new nn.Linear(8 * 9, 5, { generator }),
      new nn.LogSoftmax(),
    );
    await expectSameInOnnx(wave, { shape: [2, 2, 32], data: await randn([2, 2, 32], { generator }).data() });
    const clip = new nn.Sequential(
      new nn.Conv3d(1, 4, { kernelSize: 3, padding: 1, generator }),
      seasoned(new nn.BatchNorm3d(4, { activation: 'relu' }), generator),
      new nn.SoftPool3d({ kernelSize: 2 }),
      new nn.AdaptiveAvgPool(1),
      new nn.Flatten(),
    );
    await expectSameInOnnx(clip, { shape: [2, 1, 6, 8, 8], data: await randn([2, 1, 6, 8, 8], { generator }).data() });
  });
});

describe('the file', () => {
  test('holds the weights under the names that PyTorch gives them, bit for bit', async () => {
    const { tensors } = readFixture('resnet20-soft');
    const pytorch = new Map(
      [...tensors].flatMap(([name, entry]) => (name.startsWith('init.') ? [[name.slice(5), entry]] : [])),
    );
    const model = nn.models.resnet20({ pool: 'soft' });
    const state = [...pytorch].map(([name, { shape, data }]) => [
      name,
      tensor(Float32Array.from(data as Float32Array), { shape }),
    ]);
    model.loadStateDict(Object.fromEntries(state));

    const { initializers } = readOnnx(await exportOnnx(model, [1, 3, 32, 32]));
    for (const [name, { shape, data }] of pytorch) {
      if (name.endsWith('num_batches_tracked')) continue;
      const written = initializers.get(name);
      expect(written?.shape, name).toEqual(shape);
      const { buffer, byteOffset, byteLength } = data as Float32Array;
      expect(Buffer.compare(written!.bytes, new Uint8Array(buffer, byteOffset, byteLength)), name).toBe(0);
    }
    expect(pytorch.size).toBeGreaterThan(100);
  });

  test('has a batch of any size, opset 17 and the metadata', async () => {
    const model = nn.models.smallCnn({ pool: 'max', numClasses: 7 });
    const onnx = readOnnx(await exportOnnx(model, [4, 3, 16, 16], { metadata: { classes: 'a\nb', β: '1' } }));
    expect(onnx).toMatchObject({ opset: 17, metadata: { classes: 'a\nb', β: '1' } });
    expect(onnx.inputShape).toEqual(['batch', 3, 16, 16]);
    expect(onnx.outputShape).toEqual(['batch', 7]);
    const fixed = readOnnx(await exportOnnx(model, [4, 3, 16, 16], { dynamicBatch: false }));
    expect(fixed.inputShape).toEqual([4, 3, 16, 16]);
    expect(fixed.outputShape).toEqual([4, 7]);
  });

  test('has nothing that the output does not depend on', async () => {
    const model = new nn.Sequential(new nn.Conv2d(3, 4, { kernelSize: 3 }), new nn.ReLU());
    const { nodes, initializers } = readOnnx(await exportOnnx(model, [1, 3, 8, 8]));
    expect(nodes.map(({ opType }) => opType)).toEqual(['Conv', 'Relu']);
    expect([...initializers.keys()]).toEqual(['0.weight', '0.bias']);
    expect(nodes.map(({ output }) => output)).toEqual(['0/Conv', 'output']);
  });

  test('is the same for the same model', async () => {
    const model = nn.models.resnet8({ pool: 'soft' });
    const [first, second] = [await exportOnnx(model, [1, 3, 32, 32]), await exportOnnx(model, [1, 3, 32, 32])];
    expect(Buffer.compare(first, second)).toBe(0);
  });
});

test('the model stays as it was, and no tensor is left behind', async () => {
  const model = nn.models.resnet8({ pool: 'soft' });
  model.layer1.eval();
  const modes = model.modules().map(({ training }) => training);
  const before = await model.bn1.runningMean.data();
  await exportOnnx(model, [1, 3, 32, 32]);
  const { tensors, bytes } = memory();
  await exportOnnx(model, [1, 3, 32, 32]);
  expect(memory()).toMatchObject({ tensors, bytes });
  expect(model.modules().map(({ training }) => training)).toEqual(modes);
  expect(await model.bn1.runningMean.data()).toEqual(before);
});
