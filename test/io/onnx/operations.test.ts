import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import * as ops from '../../../src/index.js';
import { Generator, keep, randn, type Tensor } from '../../../src/index.js';
import { converters, unconvertible } from '../../../src/io/onnx/buildGraph.js';
import { arbitraries } from '../../../src/testing/index.js';
import { Computation, expectSameInOnnx } from '../../support/onnxRuntime.js';

const weights = new Map<string, Tensor>();

/** A constant of that shape, the same whenever it is asked for. */
function weight(...shape: number[]): Tensor {
  const known = weights.get(`${shape}`) ?? keep(ops.mul(randn(shape, { generator: new Generator(`${shape}`) }), 0.5));
  weights.set(`${shape}`, known);
  return known;
}

/** Positive, where logarithms and powers want it. */
const positive = (x: Tensor): Tensor => ops.add(ops.abs(x), 0.5);

/** What each operation is tried on: x is [batch, 4, 6]. */
const cases: Record<string, (x: Tensor) => Tensor> = {
  abs: ops.abs,
  sign: ops.sign,
  exp: ops.exp,
  log: (x) => ops.log(positive(x)),
  sqrt: (x) => ops.sqrt(positive(x)),
  erf: ops.erf,
  relu: ops.relu,
  sigmoid: ops.sigmoid,
  tanh: ops.tanh,
  softplus: (x) => ops.softplus(ops.mul(x, 50)),
  gelu: ops.gelu,
  silu: ops.silu,
  leakyRelu: (x) => ops.leakyRelu(x, 0.1),
  add: (x) => ops.add(x, weight(4, 1)),
  'add of a number': (x) => ops.add(x, 1.25),
  sub: (x) => ops.sub(weight(6), x),
  mul: (x) => ops.mul(x, weight(4, 6)),
  'mul with a number': (x) => ops.mul(x, -3),
  div: (x) => ops.div(x, positive(x)),
  'div of a number': (x) => ops.div(2, positive(x)),
  pow: (x) => ops.pow(positive(x), weight(6)),
  'pow with a number': (x) => ops.pow(positive(x), 2.5),
  'pow with a whole number': (x) => ops.pow(x, 3),
  maximum: (x) => ops.maximum(x, weight(4, 6)),
  minimum: (x) => ops.minimum(x, 0.25),
  equal: (x) => ops.equal(ops.sign(x), 1),
  greater: (x) => ops.greater(x, weight(6)),
  greaterEqual: (x) => ops.greaterEqual(ops.sign(x), 1),
  less: (x) => ops.less(x, 0),
  lessEqual: (x) => ops.lessEqual(ops.sign(x), -1),
  addRelu: (x) => ops.addRelu(x, weight(4, 6)),
  where: (x) => ops.where(ops.greater(x, 0), x, -2),
  'where, with any number as a condition': (x) => ops.where(ops.relu(x), ops.mul(x, 2), x),
  sum: (x) => ops.sum(x, [1, 2]),
  'sum that keeps its axis': (x) => ops.sum(x, 1, { keepDims: true }),
  'sum over the batch': (x) => ops.sum(x, 0),
  mean: (x) => ops.mean(x, [-1]),
  max: (x) => ops.max(x, 1),
  min: (x) => ops.min(x, [1, 2], { keepDims: true }),
  argMax: (x) => ops.argMax(x, 2),
  softmax: (x) => ops.softmax(ops.mul(x, 100), 1),
  logSoftmax: (x) => ops.logSoftmax(ops.mul(x, 100)),
  variance: (x) => ops.variance(x, 2),
  permute: (x) => ops.permute(x, [2, 0, 1]),
  concat: (x) => ops.concat([x, ops.neg(x), x], 1),
  'concat along the batch': (x) => ops.concat([x, x], 0),
  stack: (x) => ops.stack([x, ops.neg(x)], 1),
  broadcastTo: (x) => ops.broadcastTo(ops.max(x, 1, { keepDims: true }), x.shape),
  'broadcastTo, a constant for each of the batch': (x) => ops.broadcastTo(weight(4, 6), [2 * (x.shape[0] ?? 1), 4, 6]),
  'gather (slice)': (x) => ops.slice(x, [0, 1, 1], [undefined, -1, 6], [1, 1, 2]),
  'gather (flip)': (x) => ops.flip(x, [0, 2]),
  select: (x) => ops.select(x, 1, 2),
  'scatter (pad)': (x) => ops.pad(x, [[1, 2], [0, 3]]), // biome-ignore format: one line says it
  reshape: (x) => ops.reshape(x, [-1, 2, 12]),
  'reshape into the batch': (x) => ops.reshape(x, [-1, 6]),
  'a reshape of one value into two shapes': (x) => ops.mul(ops.reshape(x, [-1, 8]), ops.reshape(x, [-1, 1, 8])),
  conv: (x) =>
    ops.conv1d(x, weight(6, 2, 3), { padding: 1, groups: 2, stride: 2, bias: weight(6), activation: 'relu' }),
  matmul: (x) => ops.matmul(x, weight(6, 3)),
  'matmul of batches': (x) => ops.matmul(x, ops.transpose(x)),
  'matmul, linear on vectors': (x) => ops.linear(ops.flatten(x), weight(5, 24), weight(5), { activation: 'relu' }),
  'matmul, linear on rows': (x) => ops.linear(x, weight(5, 6)),
  batchNorm: (x) => ops.batchNorm(x, { runningMean: weight(4), runningVar: positive(weight(4)), eps: 0.1 }),
  'batchNorm of vectors': (x) =>
    ops.batchNorm(ops.flatten(x), {
      ...{ weight: weight(24), bias: weight(24), activation: 'relu' },
      ...{ runningMean: weight(24), runningVar: positive(weight(24)) },
    }),
  dropout: (x) => ops.mul(ops.dropout(x, { training: false }), 1),
  'softPool and importancePool with one β per channel': (x) => ops.softPool1d(x, { kernelSize: 2, beta: weight(4) }),
  'softPool with its weights held constant': (x) =>
    ops.softPool1d(x, { kernelSize: 3, stride: 1, gradient: 'detached' }),
  'maxPool of everything': (x) => ops.adaptiveMaxPool(x, 1),
  'avgUnpool, where every cell is in one window': (x) => ops.lpPool1d(x, { kernelSize: 2, p: 3 }),
  'avgPool of windows of two sizes': (x) => ops.adaptiveAvgPool(x, 4),
  unfold: (x) => ops.unfold(x, { kernelSize: 3, stride: 2, padding: 1, dilation: 2, padValue: -1 }),
  'unfold in two dimensions': (x) => ops.unfold(ops.reshape(x, [-1, 2, 4, 3]), { kernelSize: [2, 3], stride: 1 }),
  'a constant made for the batch': (x) => ops.concat([x, ops.full(x.shape, 0.5)], 1),
  'the gradient of relu': (x) => ops.grad((t) => ops.sum(ops.leakyRelu(t, 0.5)))(x),
};

describe('onnxruntime computes for any size of the batch what softgrad does', () => {
  test.each(Object.entries(cases))('%s', async (_, compute) => {
    const model = new Computation(compute);
    for (const batch of [1, 4]) {
      const data = await randn([batch, 4, 6], { generator: new Generator(batch) }).data();
      const { data: result } = await expectSameInOnnx(model, { shape: [batch, 4, 6], data }, { example: [1, 4, 6] });
      // Else a result that is lost on the way would go unnoticed.
      if (batch > 1) expect(new Set(result).size, 'values').toBeGreaterThan(1);
    }
  });

  const convolutions = [
    ['1d', arbitraries.convolution1d(), ops.conv1d],
    ['2d', arbitraries.convolution2d(), ops.conv2d],
    ['3d', arbitraries.convolution3d(), ops.conv3d],
  ] as const;
  describe.each(convolutions)('conv%s', (_, arbitrary, conv) => {
    test.prop([arbitrary, fc.integer()], { numRuns: 15 })(
      'of any geometry',
      async ({ shape, weightShape, ...options }, seed) => {
        const generator = new Generator(seed);
        const kernel = randn(weightShape, { generator });
        const data = await randn(shape, { generator }).data();
        await expectSameInOnnx(new Computation((x) => conv(x, kernel, options)), { shape, data });
      },
    );
  });
});

test('every operation has an ONNX form, or a reason why not, or is a gradient', () => {
  const folder = fileURLToPath(new URL('../../../src/ops/', import.meta.url));
  const text = readdirSync(folder)
    .map((file) => readFileSync(folder + file, 'utf8'))
    .join('');
  const names = [...text.matchAll(/(?:\bname: |(?<!kernels\.)\b(?:unary|binary|reduction|comparison)\()'(\w+)'/g)].map(
    ([, name]) => name!,
  );
  expect(names.length).toBeGreaterThan(50);
  const gradient = /(Grad|Unpool)$/;
  const unknown = names.filter((name) => !converters.has(name) && !unconvertible.has(name) && !gradient.test(name));
  expect(unknown).toEqual([]);
  // The cases above are named after the operations that they are about.
  const tried = Object.keys(cases).join();
  const untried = [...converters.keys()].filter((name) => !tried.includes(name) && name !== 'reluGrad');
  expect(untried).toEqual([]);
});
