import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  dropout,
  flatten,
  gradients,
  mul,
  Parameter,
  permute,
  relu,
  reshape,
  scope,
  slice,
  sum,
  type Tensor,
  tensor,
} from '../../src/index.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';
import { countLiveTensors, disposeAll, nothing } from '../support/liveTensors.js';

const made = countLiveTensors();

describe('a backward pass', () => {
  test('leaves nothing behind but the gradients', () => {
    const x = variable64([1, 2]);
    const [a, b] = [mul(x, x), mul(x, 3)];
    const [c, loss] = scope(() => {
      const product = mul(a, b);
      return [product, sum(product)] as const;
    });
    const forward = made().tensors;
    loss.backward();
    expect(made().tensors).toBe(forward + 1);
    disposeAll(a, b, c, loss, x.grad, x);
  });

  test('of gradients() leaves nothing behind but the result, which belongs to the scope', () => {
    const x = variable64([1, 2]);
    scope(() => {
      const loss = scope(() => sum(relu(mul(x, x))));
      const forward = made().tensors;
      const [gradient] = gradients(loss, [x]);
      expect(made().tensors).toBe(forward + 1);
      expect(valuesOf(gradient)).toEqual([2, 4]);
    });
    x.dispose();
  });
});

describe('dispose', () => {
  test('frees a tensor, once', () => {
    const x = float64([1, 2]);
    expect(made()).toEqual({ tensors: 1, storages: 1, bytes: 16 });
    x.dispose();
    x.dispose();
    expect(made()).toEqual(nothing);
    expect(x.isDisposed).toBe(true);
    expect(`${x}`).toBe('Tensor [2] float64 disposed');
  });

  test('makes every later use an error that says what to do', async () => {
    const x = float64([1, 2]);
    x.dispose();
    const message = 'tensor [2]: used after it was disposed; return it from its scope, or keep() it, to use it later';
    expect(() => mul(x, 2)).toThrow(message);
    expect(() => x.dataSync()).toThrow(message);
    await expect(x.data()).rejects.toThrow(message);
  });

  test('is what `using` does at the end of a block', () => {
    {
      using x = float64([1]);
      using y = mul(x, 2);
      expect(valuesOf(y)).toEqual([2]);
    }
    expect(made()).toEqual(nothing);
  });

  test('of one tensor leaves others over the same cells alone', () => {
    const x = float64([1, 2, 3, 4]);
    const [matrix, copy] = [reshape(x, [2, 2]), x.detach()];
    expect(made()).toEqual({ tensors: 3, storages: 1, bytes: 32 });
    x.dispose();
    expect(valuesOf(matrix)).toEqual([1, 2, 3, 4]);
    matrix.dispose();
    expect(valuesOf(copy)).toEqual([1, 2, 3, 4]);
    copy.dispose();
  });

  test.each([
    ['reshape', (x: Tensor) => reshape(x, [2, 2])],
    ['flatten', (x: Tensor) => flatten(x)],
    ['permute', (x: Tensor) => permute(x, [0, 1])],
    ['slice', (x: Tensor) => slice(x, [0])],
    ['dropout', (x: Tensor) => dropout(x, { training: false })],
  ])('of the result of %s leaves x alone, even where nothing changes', (_, operation) => {
    using x = float64([
      [1, 2],
      [3, 4],
    ]);
    operation(x).dispose();
    expect(valuesOf(x)).toEqual([1, 2, 3, 4]);
  });
});

describe('a parameter', () => {
  test('shares the value it starts from until it is replaced', () => {
    const initial = float64([1, 2]);
    const parameter = new Parameter(initial);
    expect(made().storages).toBe(1);
    Parameter.update([parameter], (kernels, [value]) => {
      const next = kernels.unary('addScalar', value!, 1);
      kernels.free(value!);
      return [next];
    });
    expect(valuesOf(initial)).toEqual([1, 2]);
    expect(valuesOf(parameter)).toEqual([2, 3]);
    expect(parameter.version).toBe(1);
    disposeAll(initial, parameter);
  });

  test('refuses a value of another shape or dtype', () => {
    using pair = float64([1, 2]);
    using single = float64([1]);
    using float32 = tensor([1, 2], { backend: 'reference' });
    using parameter = new Parameter(pair);
    expect(() => parameter.assign(single)).toThrow("assign: a parameter of shape [2] can't take shape [1]");
    expect(() => parameter.assign(float32)).toThrow(
      "assign: a float64 reference parameter can't take a float32 reference tensor; convert it with await t.to(…)",
    );
  });
});

describe('the garbage collector', () => {
  test('frees tensors that nobody holds', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    (() => {
      for (let i = 0; i < 100; i++) float64(new Float64Array(1000));
    })();
    for (let attempt = 0; attempt < 100 && made().tensors > 0; attempt++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(made()).toEqual(nothing);
  });
});
