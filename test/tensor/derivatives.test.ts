import { describe, expect, test } from 'vitest';
import {
  add,
  concat,
  div,
  grad,
  gradients,
  matmul,
  maximum,
  mul,
  noGrad,
  pow,
  relu,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  valueAndGrad,
} from '../../src/index.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';

const gradOf = (t: Tensor): number[] => valuesOf(t.grad);

describe('gradients', () => {
  test('leave .grad alone', () => {
    const x = variable64([3]);
    expect(valuesOf(gradients(sum(mul(x, x)), [x])[0])).toEqual([6]);
    expect(x.grad).toBeUndefined();
  });

  test('of inputs that the output does not depend on are 0', () => {
    const [x, y] = [variable64([3]), variable64([1, 2])];
    expect(gradients(sum(x), [y, x]).map(valuesOf)).toEqual([[0, 0], [1]]);
  });

  test('are found for intermediate tensors, and for the output itself', () => {
    const x = variable64([3]);
    const h = mul(x, 2);
    const y = sum(mul(h, h));
    const [gx, gh, gy] = gradients(y, [x, h, y]);
    expect([gx, gh, gy].map(valuesOf)).toEqual([[24], [12], [1]]);
  });

  test('stop at the inputs: the graphs behind them are neither walked nor freed', () => {
    const x = variable64([3]);
    const h = mul(x, 2);
    gradients(sum(mul(h, h)), [h]);
    sum(h).backward();
    expect(gradOf(x)).toEqual([2]);
  });

  test('leave branches alone that lead elsewhere', () => {
    const [x, w] = [variable64([3]), variable64([5])];
    const side = mul(w, 2);
    gradients(sum(mul(x, side)), [x]);
    sum(side).backward();
    expect(gradOf(w)).toEqual([2]);
  });
});

describe('createGraph', () => {
  test('makes gradients that can be differentiated', () => {
    const x = variable64([2]);
    const [first] = gradients(sum(pow(x, 3)), [x], { createGraph: true });
    const [second] = gradients(sum(first!), [x], { createGraph: true });
    const [third] = gradients(sum(second!), [x]);
    expect([first, second, third].map(valuesOf)).toEqual([[12], [12], [6]]);
  });

  test('sums over all ways, where a tensor on the way is used twice', () => {
    const x = variable64([2]);
    const square = mul(x, x);
    const [first] = gradients(sum(add(mul(square, square), square)), [x], { createGraph: true });
    const [second] = gradients(sum(first!), [x]);
    // x⁴ + x²
    expect([first, second].map(valuesOf)).toEqual([[36], [50]]);
  });

  test('goes for .grad, as in a gradient penalty', () => {
    const [x, w] = [variable64([1, 2]), variable64([3, 4])];
    const y = sum(mul(mul(x, x), w));
    y.backward({ createGraph: true });
    const penalty = sum(mul(x.grad!, x.grad!));
    w.grad = undefined;
    penalty.backward();
    // ∂Σ(2xw)²/∂w = 8x²w
    expect(gradOf(w)).toEqual([24, 128]);
  });

  test('gives the Hessian row by row', () => {
    const x = variable64([1, 2]);
    const f = sum(mul(pow(x, 2), slice(concat([x, x]), [1], [3])));
    const [g] = gradients(f, [x], { createGraph: true });
    const rows = [0, 1].map((i) => valuesOf(gradients(sum(slice(g!, [i], [i + 1])), [x], { retainGraph: true })[0]));
    expect(rows[0]![1]).toBeCloseTo(rows[1]![0]!, 12);
  });
});

describe('grad and valueAndGrad', () => {
  test('differentiate a scalar function', () => {
    expect(valuesOf(grad((x) => sum(mul(x, x)))(float64([1, 2])))).toEqual([2, 4]);
    const [value, gradient] = valueAndGrad((x) => sum(mul(x, x)))(float64([1, 2]));
    expect([value, gradient].map(valuesOf)).toEqual([[5], [2, 4]]);
  });

  test('take the arguments that argnums names', () => {
    const f = (a: Tensor, b: Tensor): Tensor => sum(mul(mul(a, a), b));
    const [a, b] = [float64([3]), float64([5])];
    expect(valuesOf(grad(f, { argnums: 1 })(a, b))).toEqual([9]);
    expect(grad(f, { argnums: [0, 1] })(a, b).map(valuesOf)).toEqual([[30], [9]]);
    expect(() => grad(f, { argnums: 2 })(a, b)).toThrow('grad: argnums [2], but the function was given 2 arguments');
  });

  test('nest', () => {
    const third = grad((x) => grad((y) => grad((z) => pow(z, 4))(y))(x));
    expect(valuesOf(third(float64(2)))).toEqual([48]);
    expect(valuesOf(grad((x) => grad((y) => mul(mul(x, x), mul(y, y)))(x))(float64(3)))).toEqual([6 * 9]);
  });

  test('see through to what the function captures', () => {
    const w = variable64(3);
    grad((x) => mul(mul(w, w), x))(float64(2)).backward();
    expect(gradOf(w)).toEqual([6]);
  });

  test('work within noGrad, and leave the graph of their arguments alone', () => {
    const x = variable64([3]);
    const h = mul(x, 2);
    const gradient = noGrad(() => grad((y) => sum(mul(y, y)))(h));
    expect(valuesOf(gradient)).toEqual([12]);
    expect(gradient.requiresGrad).toBe(false);
    sum(h).backward();
    expect(gradOf(x)).toEqual([2]);
  });

  test('agree with backward on a small network', () => {
    const [x, w1, w2] = [
      float64([[1, -2]]),
      variable64([
        [0.5, 1],
        [-1, 2],
      ]),
      variable64([[1], [-1]]),
    ];
    const loss = (a: Tensor, b: Tensor): Tensor => sum(tanh(matmul(relu(matmul(x, a)), b)));
    loss(w1, w2).backward();
    const [g1, g2] = grad(loss, { argnums: [0, 1] })(w1.detach(), w2.detach());
    expect(valuesOf(g1)).toEqual(gradOf(w1));
    expect(valuesOf(g2)).toEqual(gradOf(w2));
  });

  test('a constant function has a gradient of 0', () => {
    expect(valuesOf(grad((x) => sum(x.detach()))(float64([1, 2])))).toEqual([0, 0]);
  });

  test('object to functions that return no scalar', () => {
    expect(() => grad((x) => mul(x, 2))(float64([1, 2]))).toThrow(
      'grad: the function must return a scalar, got shape [2]; use sum or mean',
    );
  });
});

describe('ties', () => {
  test('of maximum share the gradient evenly', () => {
    const [a, b] = [variable64([1, 2]), variable64([1, 1])];
    sum(maximum(a, b)).backward();
    expect([a, b].map(gradOf)).toEqual([
      [0.5, 1],
      [0.5, 0],
    ]);
  });

  test('of relu at 0 give 0', () => {
    const x = variable64([0, -1, 1]);
    sum(relu(x)).backward();
    expect(gradOf(x)).toEqual([0, 0, 1]);
  });
});

describe('operations on tensors that do not go together', () => {
  test('of two dtypes are refused', () => {
    expect(() => add(tensor([1], { backend: 'reference' }), float64([1]))).toThrow(
      "add: inputs have two dtypes, float32 and float64; convert one with await t.to({ dtype: 'float32' })",
    );
  });

  test('are brought together by to()', async () => {
    const x = tensor([1.5], { backend: 'reference', requiresGrad: true });
    const converted = await x.to({ dtype: 'float64' });
    expect(converted).toMatchObject({ dtype: 'float64', requiresGrad: true, node: undefined });
    expect(valuesOf(sub(div(converted, 2), float64([0.25])))).toEqual([0.5]);
  });
});
