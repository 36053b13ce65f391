import { describe, expect, test } from 'vitest';
import {
  add,
  defineOp,
  exp,
  gradients,
  mul,
  type Op,
  Parameter,
  pow,
  scope,
  sum,
  type Tensor,
} from '../../src/index.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';

const gradOf = (t: Tensor): number[] => valuesOf(t.grad);

describe('backward', () => {
  test('fills .grad of the leaves that require it, and of no others', () => {
    const [x, y] = [variable64([1, 2]), float64([3, 4])];
    const product = mul(x, y);
    sum(product).backward();
    expect(gradOf(x)).toEqual([3, 4]);
    expect(y.grad).toBeUndefined();
    expect(product.grad).toBeUndefined();
    expect(x.grad).toMatchObject({ shape: [2], dtype: 'float64', requiresGrad: false });
  });

  test('adds to what is there', () => {
    const x = variable64([1, 2]);
    sum(mul(x, 3)).backward();
    sum(mul(x, x)).backward();
    expect(gradOf(x)).toEqual([5, 7]);
    x.grad = undefined;
    sum(x).backward();
    expect(gradOf(x)).toEqual([1, 1]);
  });

  test('gives leaves gradients of their own, even where they are equal', () => {
    const [x, y] = [variable64([1]), variable64([2])];
    sum(add(x, y)).backward();
    x.grad!.dispose();
    expect(gradOf(y)).toEqual([1]);
  });

  test('sums over all ways: x used twice, a diamond, a diamond of diamonds', () => {
    const x = variable64(2);
    mul(x, x).backward();
    expect(gradOf(x)).toEqual([4]);
    x.grad = undefined;
    const [left, right] = [mul(x, 3), exp(x)];
    mul(left, right).backward();
    expect(gradOf(x)[0]).toBeCloseTo(3 * Math.exp(2) + 6 * Math.exp(2), 12);
    x.grad = undefined;
    let y: Tensor = x;
    for (let i = 0; i < 30; i++) y = add(y, y);
    y.backward();
    expect(gradOf(x)).toEqual([2 ** 30]);
  });

  test('starts from a given cotangent', () => {
    const x = variable64([1, 2, 3]);
    mul(x, x).backward({ gradient: float64([1, 10, 100]) });
    expect(gradOf(x)).toEqual([2, 40, 600]);
  });

  test('of a leaf is 1', () => {
    const x = variable64(5);
    x.backward();
    expect(gradOf(x)).toEqual([1]);
  });

  test('ends at detached tensors', () => {
    const x = variable64([2]);
    sum(mul(x, x.detach())).backward();
    expect(gradOf(x)).toEqual([2]);
  });

  test('needs no recursion for a chain of 10,000 operations', () => {
    const x = variable64([1, -1]);
    let y: Tensor = x;
    for (let i = 0; i < 10_000; i++) y = i % 2 === 0 ? add(y, 1) : mul(y, 1.0001);
    sum(y).backward();
    expect(gradOf(x)[0]).toBeCloseTo(1.0001 ** 5000, 10);
  });

  test('needs no recursion for the second derivative of a long chain, in a scope', () => {
    const x = variable64(1.5);
    const second = scope(() => {
      let y: Tensor = x;
      for (let i = 0; i < 2000; i++) y = i % 2 === 0 ? mul(y, y) : pow(y, 0.5);
      const [first] = gradients(y, [x], { createGraph: true });
      return gradients(mul(first!, x), [x])[0]!;
    });
    expect(valuesOf(second)[0]).toBeCloseTo(1, 8);
  });
});

describe('backward objects to', () => {
  test('an output that is no scalar', () => {
    expect(() => mul(variable64([1, 2]), 2).backward()).toThrow(
      'backward: the output has shape [2]; reduce it to a scalar first, or pass { gradient }',
    );
  });

  test('an output that depends on nothing', () => {
    expect(() => sum(float64([1])).backward()).toThrow(
      'backward: the output depends on no tensor that requires a gradient',
    );
  });

  test('a cotangent of another shape', () => {
    expect(() => mul(variable64([1, 2]), 2).backward({ gradient: float64([1]) })).toThrow(
      'backward: gradient has shape [1], the output [2]',
    );
  });

  test('a second time, unless the graph was retained', () => {
    const x = variable64([3]);
    const retained = sum(mul(x, x));
    retained.backward({ retainGraph: true });
    retained.backward();
    expect(gradOf(x)).toEqual([12]);
    expect(() => retained.backward()).toThrow(
      'backward: the graph of sum was already freed; pass { retainGraph: true } to the first backward()',
    );
  });

  test('a second time through a shared part', () => {
    const x = variable64([3]);
    const shared = mul(x, x);
    sum(shared).backward();
    expect(() => sum(mul(shared, 2)).backward()).toThrow('the graph of mul was already freed');
  });

  test('a parameter that was replaced after the forward pass', () => {
    const weight = new Parameter(float64([2]));
    const loss = sum(mul(weight, weight));
    weight.assign(float64([5]));
    expect(() => loss.backward()).toThrow(
      'backward: an input of mul was replaced (by optimizer.step() or loadStateDict()) after the forward pass; call backward() before it',
    );
  });

  test('a parameter that a kernel updated in place', () => {
    const weight = new Parameter(float64([2]));
    const loss = sum(mul(weight, 3));
    Parameter.update([weight], (kernels, [value]) => [kernels.unary('addScalar', value!, 1)]);
    expect(() => loss.backward()).toThrow('was replaced');
    expect(valuesOf(weight)).toEqual([3]);
  });

  test('an input that was disposed', () => {
    const x = variable64([2]);
    const y = mul(x, 2);
    const loss = sum(mul(y, y));
    y.dispose();
    expect(() => loss.backward()).toThrow(
      'tensor [1]: used after it was disposed; return it from its scope, or keep()',
    );
  });

  test('a vjp that returns another shape', () => {
    const op: Op<readonly [Tensor]> = defineOp({
      name: 'wrong',
      shape: ([x]) => x.shape,
      forward: (kernels, [x]) => kernels.unary('neg', x.storage, 0),
      vjp: (g) => [sum(g)],
    });
    expect(() => sum(op([variable64([1, 2])], undefined)).backward()).toThrow(
      'wrong: its vjp returned shape [] for input 0 of shape [2]',
    );
  });

  test('switching off a tensor that an operation made', () => {
    const y = mul(variable64([1]), 2);
    expect(() => {
      y.requiresGrad = false;
    }).toThrow('requiresGrad: only a leaf can be switched off; this tensor comes from mul, use detach()');
  });
});
