import { describe, expect, test } from 'vitest';
import {
  add,
  concat,
  defineMultiOp,
  defineOp,
  div,
  exp,
  grad,
  gradients,
  matmul,
  maximum,
  mul,
  noGrad,
  type Op,
  Parameter,
  pow,
  relu,
  reshape,
  scope,
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

describe('recording', () => {
  test('stops inside noGrad, and goes on behind it', () => {
    const x = variable64([1]);
    const inside = noGrad(() => mul(x, 2));
    expect(inside).toMatchObject({ requiresGrad: false, node: undefined });
    expect(mul(x, 2).requiresGrad).toBe(true);
    expect(() => noGrad(() => noGrad(() => x)).backward()).not.toThrow();
  });

  test('goes on after an error inside noGrad', () => {
    const fail = (): Tensor => noGrad(() => reshape(float64([1]), [2]));
    expect(fail).toThrow();
    expect(mul(variable64([1]), 2).requiresGrad).toBe(true);
  });

  test('refuses functions that return promises', () => {
    expect(() => noGrad(async () => 1)).toThrow('noGrad: the function returned a promise');
  });

  test('happens only where an input requires a gradient', () => {
    expect(mul(float64([1]), 2).node).toBeUndefined();
    expect(mul(variable64([1]), 2).node?.operation).toBe('mul');
  });

  test('computes the gradients that are asked for, and no others', () => {
    const calls: string[] = [];
    const op: Op<readonly [Tensor, Tensor]> = defineOp({
      name: 'counted',
      shape: ([a]) => a.shape,
      forward: (kernels, [a]) => kernels.unary('neg', a.storage, 0),
      vjp: (g) => [
        () => {
          calls.push('a');
          return g;
        },
        () => {
          calls.push('b');
          return g;
        },
      ],
    });
    const [a, b] = [variable64([1]), variable64([2])];
    gradients(sum(op([a, b], undefined)), [a]);
    expect(calls).toEqual(['a']);
    sum(op([float64([1]), b], undefined)).backward();
    expect(calls).toEqual(['a', 'b']);
  });

  test('passes undefined for outputs that nothing depends on', () => {
    const seen: unknown[] = [];
    const both = defineMultiOp(['first', 'second'] as const, {
      name: 'both',
      shapes: ([x]: readonly [Tensor]) => ({ first: x.shape, second: x.shape }),
      forward: (kernels, [x]) => ({
        first: kernels.unary('mulScalar', x.storage, 2),
        second: kernels.unary('mulScalar', x.storage, 3),
      }),
      vjp: ({ first, second }) => {
        seen.push([first !== undefined, second !== undefined]);
        return [first && second ? add(mul(first, 2), mul(second, 3)) : first ? mul(first, 2) : mul(second!, 3)];
      },
    });
    const x = variable64([1]);
    const { second } = both([x], undefined);
    sum(second).backward();
    expect(gradOf(x)).toEqual([3]);
    const outputs = both([x], undefined);
    sum(mul(outputs.first, outputs.second)).backward();
    expect(gradOf(x)).toEqual([3 + 12]);
    expect(seen).toEqual([
      [false, true],
      [true, true],
    ]);
  });
});

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
