import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../../../src/errors.js';
import * as ops from '../../../src/index.js';
import { full, randn, type Tensor, tensor } from '../../../src/index.js';
import { exportOnnx, type OnnxOptions } from '../../../src/io/index.js';
import * as nn from '../../../src/nn/index.js';
import { Computation } from '../../support/onnxRuntime.js';

async function errorOf(model: nn.Module, example: number[] = [1, 4], options: OnnxOptions = {}): Promise<string> {
  const error: unknown = await exportOnnx(model, example, options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ArgumentError);
  const message = error instanceof Error ? error.message : '';
  expect(message).toMatch(/^exportOnnx: [^\n]+$/);
  expect(message.length).toBeLessThan(400);
  return message;
}

const computing = (compute: (x: Tensor) => Tensor): nn.Module => new Computation(compute);

describe('what ONNX can not express is named, with its module and the reason', () => {
  test.each<[string, (x: Tensor) => Tensor, string]>([
    [
      'fold',
      (x) => ops.fold(ops.unfold(x, { kernelSize: 2, stride: 1 }), x.shape, { kernelSize: 2, stride: 1 }),
      'adds up overlapping windows',
    ],
    ['softPoolGrad', (x) => ops.grad((t) => ops.sum(ops.softPool1d(t, { kernelSize: 2 })))(x), 'a gradient'],
    ['crossEntropy', (x) => ops.crossEntropy(ops.sum(x, 2), [0, 1, 0].slice(0, x.shape[0])), 'a loss'],
    ['batchNormStatistics', (x) => ops.batchNorm(x, { training: true }), '{ training: false }'],
    ['scatter', (x) => ops.grad((t) => ops.sum(ops.slice(t, [], [], [1, 1, 2])))(x), 'slice with steps'],
  ])('%s', async (operation, compute, reason) => {
    const model = new nn.Sequential(new nn.Identity(), computing(compute));
    const message = await errorOf(model, [1, 3, 6]);
    expect(message).toContain(`${operation} in 1 has no form in ONNX`);
    expect(message).toContain(reason);
  });
});

describe('a forward that a graph can not follow is an error that names the first operation that differs', () => {
  test.each<[string, (x: Tensor) => Tensor, string]>([
    ['random numbers', (x) => ops.mul(x, randn([4])), 'at mul, an operand depends'],
    ['random numbers for each of the batch', (x) => ops.mul(x, randn(x.shape)), 'at mul, an operand depends'],
    ['values read from a tensor', (x) => ops.mul(x, tensor(x.dataSync()[0] ?? 0)), 'at mul, an operand depends'],
    [
      'a way that depends on a value',
      (x) => ((x.dataSync()[0] ?? 0) > 0 ? ops.exp(x) : ops.log(x)),
      'at exp, what is called depends',
    ],
    ['a mean over the batch', (x) => ops.mean(x, 0), 'at mul, an operand depends'],
    ['a slice of the batch', (x) => ops.slice(x, [0], [2]), 'at forward, what is called depends'],
    [
      'as many operations as samples',
      (x) => ops.stack(Array.from({ length: x.shape[0]! }, () => ops.exp(x))),
      'at concat, what is called depends',
    ],
  ])('%s', async (_, compute, what) => {
    const message = await errorOf(computing(compute));
    expect(message).toContain(what);
    expect(message).toContain('{ dynamicBatch: false }');
  });

  test('with a fixed batch, a mean over the batch is fine, random numbers are not', async () => {
    await exportOnnx(
      computing((x) => ops.mean(x, 0)),
      [2, 4],
      { dynamicBatch: false },
    );
    await errorOf(
      computing((x) => ops.mul(x, randn([4]))),
      [2, 4],
      { dynamicBatch: false },
    );
  });

  test('an example whose first axis is no batch', async () => {
    const conv = new nn.Conv2d(3, 4, { kernelSize: 3 });
    const message = await errorOf(conv, [3, 8, 8]);
    expect(message).toContain('takes the example [3,8,8], but not [2,8,8], a batch of 2 (conv2d: ');
    await exportOnnx(conv, [3, 8, 8], { dynamicBatch: false });
  });

  test('an example that does not fit at all gets the error that forward gives', async () => {
    const model = new nn.Conv2d(3, 4, { kernelSize: 3 });
    await expect(exportOnnx(model, [1, 3, 2, 2])).rejects.toThrow(/^conv2d: kernelSize \[3,3\] exceeds/);
  });

  test('an error in forward comes through as it is', async () => {
    const model = computing(() => {
      throw new TypeError('mine');
    });
    await expect(exportOnnx(model, [1, 4])).rejects.toThrow(TypeError);
  });

  test('a result that is no tensor', async () => {
    class Two extends nn.Module {
      override forward(x: Tensor): Tensor {
        return JSON.parse(`[${x.rank}]`);
      }
    }
    expect(await errorOf(new Two())).toContain('must return one tensor');
  });
});

describe('what can not be written is refused before it is', () => {
  const named = (name: string): nn.Module => {
    const model = new nn.Sequential();
    Object.assign(model, { layers: [new nn.Linear(4, 2)] });
    model.namedChildren = () => model.layers.map((layer) => [name, layer]);
    return model;
  };

  test.each([['a\nb'], ['a\u0000'], ['\u001b[31m'], ['\u0085'], ['\ud800']])('a name with %j in it', async (name) => {
    const message = await errorOf(named(name));
    expect(message).toContain('must have printable characters only');
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { inputName: name })).toContain('the input name');
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { outputName: name })).toContain('the output name');
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { metadata: { [name]: '' } })).toContain('the metadata name');
  });

  test('half a surrogate pair in the metadata, which UTF-8 has not', async () => {
    const message = await errorOf(new nn.Linear(4, 2), [1, 4], { metadata: { a: 'x\udc00' } });
    expect(message).toContain("metadata 'a'");
  });

  test('an empty name', async () => {
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { inputName: '' })).toContain('the input name ""');
  });

  test('any other name is fine, even one that nodes have, or a very long one', async () => {
    for (const name of ['βeta', 'a b', 'batch', 'output/Gemm', '__proto__', 'Gemm', 'x'.repeat(5000)]) {
      await exportOnnx(named(name), [1, 4]);
    }
  });

  test('an input called like a parameter, or like the output', async () => {
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { inputName: 'weight' })).toContain("called 'weight' too");
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { inputName: 'a', outputName: 'a' })).toContain(
      "both called 'a'",
    );
  });

  test('long names are quoted in part', async () => {
    const metadata = { ['x'.repeat(5000)]: '\ud800' };
    expect(await errorOf(new nn.Linear(4, 2), [1, 4], { metadata })).toMatch(/metadata 'x{79}…' has half/);
  });

  test.each([[[]], [[0, 4]], [[1, -1]], [[1, 2.5]], [[1, Number.NaN]], [[1, 2 ** 60]]])(
    'an example of shape %j',
    async (shape) => {
      expect(await errorOf(new nn.ReLU(), shape)).toContain('sizes of at least 1');
    },
  );

  test.each([[[1, 2 ** 20, 2 ** 20]], [[1, 3, 1e9, 1e9]], [[1, 3, 4096, 4096]], [[2 ** 33, 3]]])(
    'a huge example, %j',
    async (shape) => {
      expect(await errorOf(new nn.ReLU(), shape)).toContain('is the limit');
    },
  );

  test('a model in float64', async () => {
    const model = new nn.Linear(4, 2, { dtype: 'float64', backend: 'reference' });
    expect(await errorOf(model)).toContain("weight is float64, and ONNX's operators want float32");
  });
});

test('a model that returns its input, a weight or a constant is exported too', async () => {
  await exportOnnx(new nn.Identity(), [1, 4]);
  await exportOnnx(
    computing(() => full([2], 1)),
    [1, 4],
  );
});
