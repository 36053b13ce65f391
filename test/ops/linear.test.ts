import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  batchNorm,
  conv1d,
  conv2d,
  conv3d,
  crossEntropy,
  dropout,
  Generator,
  linear,
  matmul,
  mseLoss,
  mul,
  ones,
  Parameter,
  relu,
  reshape,
  sum,
  type Tensor,
} from '../../src/index.js';
import { broadcastShapes, sizeOf } from '../../src/tensor/shape.js';
import { arbitraries } from '../../src/testing/index.js';
import { expectClose } from '../support/closeness.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';

const exact = { rtol: 1e-12, atol: 1e-12 };
const wave = (shape: readonly number[], phase = 0): Tensor =>
  float64(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(1 + phase + i)),
    shape,
  );

describe('matmul', () => {
  test('is the sum of products, batches broadcast', () => {
    fc.assert(
      fc.property(arbitraries.matmulShapes(), ({ a, b }) => {
        const [x, y] = [wave(a), wave(b, 5)];
        const left = a.length === 1 ? [1, ...a] : a;
        const right = b.length === 1 ? [...b, 1] : b;
        const batch = broadcastShapes('test', left.slice(0, -2), right.slice(0, -2));
        const [m, k, n] = [left.at(-2)!, left.at(-1)!, right.at(-1)!];
        // The same by broadcasting: [m, k, 1] · [1, k, n], summed over k.
        const products = mul(reshape(x, [...left, 1]), reshape(y, [...right.slice(0, -2), 1, k, n]));
        const expected = sum(products, -2);
        expect(expected.shape).toEqual([...batch, m, n]);
        const result = matmul(x, y);
        expect(result.shape).toEqual([...batch, ...(a.length === 1 ? [] : [m]), ...(b.length === 1 ? [] : [n])]);
        expectClose(valuesOf(result), valuesOf(expected), exact);
      }),
    );
  });

  test.each([
    [[2, 3], [4, 2], 'matmul: inner sizes of [2,3] and [4,2] differ: 3 and 4'],
    [[2, 1, 3], [3, 3, 2], "matmul: shapes [2] and [3] don't broadcast"],
    [[], [2], 'matmul: needs at least one axis on both sides, got [] and [2]; use mul for scalars'],
  ])('refuses [%j] · [%j]', (a, b, message) => {
    expect(() => matmul(wave(a), wave(b))).toThrow(message);
  });
});

describe('linear', () => {
  test('is x·Wᵀ + b for any number of leading axes, relu fused or not', () => {
    const [x, w, b] = [wave([2, 3, 4]), wave([5, 4], 1), wave([5], 2)];
    const y = linear(x, w, b);
    expect(y.shape).toEqual([2, 3, 5]);
    const expected = add(sum(mul(reshape(x, [2, 3, 1, 4]), w), -1), b);
    expectClose(valuesOf(y), valuesOf(expected), exact);
    expectClose(valuesOf(linear(x, w, b, { activation: 'relu' })), valuesOf(relu(expected)), exact);
    expect(linear(wave([4]), w).shape).toEqual([5]);
  });

  test('refuses sizes that do not fit', () => {
    expect(() => linear(wave([2, 3]), wave([5, 4]))).toThrow('linear: input [2,3] needs a weight [out, 3], got [5,4]');
    expect(() => linear(wave([2, 4]), wave([5, 4]), wave([4]))).toThrow(
      'linear: bias must be [5] for weight [5,4], got [4]',
    );
  });
});

describe('conv', () => {
  test('in 1D is conv in 2D and 3D over unit axes', () => {
    fc.assert(
      fc.property(arbitraries.convolution1d(), ({ shape, weightShape, stride, padding, dilation, groups }) => {
        const [x, w] = [wave(shape), wave(weightShape, 1)];
        const y = conv1d(x, w, { stride, padding, dilation, groups });
        const lift = (t: Tensor, count: number): Tensor =>
          reshape(t, [...t.shape.slice(0, 2), ...new Array<number>(count).fill(1), ...t.shape.slice(2)]);
        const options = (count: number): object => ({
          stride: [...new Array<number>(count).fill(1), ...stride],
          padding: [...new Array<number>(count).fill(0), ...padding],
          dilation: [...new Array<number>(count).fill(1), ...dilation],
          groups,
        });
        expect(valuesOf(conv2d(lift(x, 1), lift(w, 1), options(1)))).toEqual(valuesOf(y));
        expect(valuesOf(conv3d(lift(x, 2), lift(w, 2), options(2)))).toEqual(valuesOf(y));
      }),
    );
  });

  test('of an unbatched input is that of a batch of one', () => {
    const [x, w, bias] = [wave([2, 5, 5]), wave([3, 2, 3, 3], 1), wave([3], 2)];
    const y = conv2d(x, w, { bias, padding: 1 });
    expect(y.shape).toEqual([3, 5, 5]);
    expect(valuesOf(y)).toEqual(valuesOf(conv2d(reshape(x, [1, 2, 5, 5]), w, { bias, padding: 1 })));
  });

  test('keeps groups apart', () => {
    fc.assert(
      fc.property(
        arbitraries.convolution2d().filter(({ groups }) => groups > 1),
        ({ shape, weightShape, ...options }) => {
          const [x, w] = [wave(shape), wave(weightShape, 1)];
          const perGroup = sizeOf(shape.slice(2)) * (shape[1]! / options.groups);
          const first = valuesOf(x).map((value, i) => (i < perGroup ? value + 1 : value));
          const [y, other] = [x, float64(first, shape)].map((t) => valuesOf(conv2d(t, w, options)));
          const group = y!.length / shape[0]! / options.groups;
          expect(other!.slice(group)).toEqual(y!.slice(group));
        },
      ),
    );
  });

  test.each([
    [
      [1, 2, 5, 5],
      [3, 1, 3, 3],
      {},
      'conv2d: weight [3,1,3,3] expects 1 input channels (1 groups), input [1,2,5,5] has 2',
    ],
    [
      [1, 2, 5],
      [3, 2, 3, 3],
      {},
      'conv2d: weight [3,2,3,3] expects 2 input channels (1 groups), input [1,1,2,5] has 1',
    ],
    [[1, 2, 2, 2], [3, 2, 3, 3], {}, 'conv2d: kernelSize [3,3] exceeds padded input [2,2] on axis 2'],
    [[1, 2, 5, 5], [3, 2, 3, 3], { groups: 2 }, 'conv2d: groups must divide the channels in (2) and out (3), got 2'],
    [[1, 2, 5, 5], [3, 2, 3], {}, 'conv2d: weight must be [out, in/groups, ...kernel] of rank 4, got [3,2,3]'],
    [[5], [3, 2, 3, 3], {}, 'conv2d: input must be [N, C, H, W] or [C, H, W], got [5]'],
  ])('refuses [%j] with weight [%j] and %j', (shape, weight, options, message) => {
    expect(() => conv2d(wave(shape), wave(weight), options)).toThrow(message);
  });
});

describe('batchNorm', () => {
  test('gives each channel mean 0 and variance 1 in training', () => {
    const x = wave([4, 3, 5]);
    const y = valuesOf(batchNorm(x, { training: true, eps: 0 }));
    for (const channel of [0, 1, 2]) {
      const values = y.filter((_, i) => Math.floor(i / 5) % 3 === channel);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      expect(mean).toBeCloseTo(0, 12);
      expect(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length).toBeCloseTo(1, 12);
    }
  });

  test('moves running parameters in training, and uses them in evaluation', () => {
    const x = float64([[1], [3]]);
    const running = { runningMean: new Parameter(float64([0])), runningVar: new Parameter(float64([1])) };
    batchNorm(x, { ...running, training: true, momentum: 0.5 });
    expect(valuesOf(running.runningMean)).toEqual([1]);
    expect(valuesOf(running.runningVar)).toEqual([1.5]);
    expectClose(valuesOf(batchNorm(x, { ...running, eps: 0 })), [0, 2 / Math.sqrt(1.5)], exact);
    expect(valuesOf(running.runningMean)).toEqual([1]);
  });

  test('refuses what it cannot normalise', () => {
    expect(() => batchNorm(float64([[1, 2]]), { training: true })).toThrow(
      'batchNorm: training needs more than one value per channel, got input [1,2]',
    );
    expect(() => batchNorm(float64([[1]]))).toThrow('batchNorm: evaluation needs runningMean and runningVar');
    expect(() => batchNorm(float64([1]), { training: true })).toThrow(
      'batchNorm: input must be [N, C, ...spatial], got [1]',
    );
    expect(() => batchNorm(float64([[1], [2]]), { training: true, weight: float64([1, 2]) })).toThrow(
      'batchNorm: weight must be [1] for input [2,1], got [2]',
    );
  });
});

describe('crossEntropy', () => {
  test('is −log of the probability of the label', () => {
    const loss = crossEntropy(float64([[Math.log(3), 0]]), [0]);
    expect(loss.shape).toEqual([]);
    expect(valuesOf(loss)[0]).toBeCloseTo(-Math.log(0.75), 14);
  });

  test('is finite for logits of ±1e4', () => {
    const logits = variable64([[1e4, -1e4]]);
    const loss = crossEntropy(logits, Int32Array.of(1));
    loss.backward();
    expect(valuesOf(loss)).toEqual([2e4]);
    expect(valuesOf(logits.grad)).toEqual([1, -1]);
  });

  test('with all of the target smoothed does not depend on the label', () => {
    const logits = wave([2, 3]);
    const [a, b] = [
      [0, 1],
      [2, 2],
    ].map((labels) => valuesOf(crossEntropy(logits, labels, { labelSmoothing: 1 })));
    expect(a).toEqual(b);
  });

  test('of images has one loss per position', () => {
    const losses = crossEntropy(wave([2, 3, 2, 2]), new Array<number>(8).fill(1), { reduction: 'none' });
    expect(losses.shape).toEqual([2, 2, 2]);
    const total = crossEntropy(wave([2, 3, 2, 2]), new Array<number>(8).fill(1), { reduction: 'sum' });
    expectClose(valuesOf(total), valuesOf(sum(losses)), exact);
  });

  test.each([
    [[0, 3], "crossEntropy: label 3 at position 1 isn't a class number from 0 to 2"],
    [[0, 0.5], 'crossEntropy: label 0.5 at position 1'],
    [[0, -1], 'crossEntropy: label -1 at position 1'],
    [[0], 'crossEntropy: logits have 2 rows, got 1 labels'],
  ])('refuses labels %j for [2, 3]', (labels, message) => {
    expect(() => crossEntropy(wave([2, 3]), labels)).toThrow(message);
  });

  test('refuses a smoothing beyond 1 and logits without classes', () => {
    expect(() => crossEntropy(wave([1, 2]), [0], { labelSmoothing: 1.5 })).toThrow(
      'crossEntropy: labelSmoothing must lie between 0 and 1, got 1.5',
    );
    expect(() => crossEntropy(wave([3]), [0])).toThrow(
      'crossEntropy: logits must be [N, classes, ...spatial], got [3]',
    );
  });
});

describe('mseLoss', () => {
  test('is the mean of the squares', () => {
    expect(valuesOf(mseLoss(float64([1, 2]), float64([3, 2])))).toEqual([2]);
    expect(valuesOf(mseLoss(float64([1, 2]), float64([3, 2]), { reduction: 'sum' }))).toEqual([4]);
    expect(() => mseLoss(float64([1]), float64([[1]]))).toThrow(
      'mseLoss: prediction [1] and target [1,1] differ in shape',
    );
  });
});

describe('dropout', () => {
  test('drops with probability p, and scales what it keeps', () => {
    const x = ones([10_000], { backend: 'reference' });
    const values = valuesOf(dropout(x, { p: 0.25, generator: new Generator(1) }));
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(values.filter((value) => value === 0).length / values.length).toBeCloseTo(0.25, 1);
  });

  test('passes everything with p = 0 and nothing with p = 1', () => {
    const x = wave([4]);
    expect(valuesOf(dropout(x, { p: 0 }))).toEqual(valuesOf(x));
    expect(valuesOf(dropout(x, { p: 1 })).every((value) => value === 0)).toBe(true);
    expect(valuesOf(dropout(x, { training: false }))).toEqual(valuesOf(x));
    expect(() => dropout(x, { p: -1 })).toThrow('dropout: p must lie between 0 and 1, got -1');
  });
});
