import { describe, expect, test } from 'vitest';
import {
  abs,
  add,
  addRelu,
  div,
  equal,
  erf,
  exp,
  gelu,
  greater,
  greaterEqual,
  leakyRelu,
  less,
  lessEqual,
  log,
  logSoftmax,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  sign,
  silu,
  softmax,
  softplus,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  where,
} from '../../src/index.js';
import { expectClose } from '../support/closeness.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const [a, b] = [float64([1, 2, -3]), float64([4, -5, 6])];

describe('two operands', () => {
  test.each([
    ['add', add(a, b), [5, -3, 3]],
    ['add of a number', add(a, 1), [2, 3, -2]],
    ['add to a number', add(1, a), [2, 3, -2]],
    ['sub', sub(a, b), [-3, 7, -9]],
    ['sub of a number', sub(a, 1), [0, 1, -4]],
    ['sub from a number', sub(1, a), [0, -1, 4]],
    ['mul', mul(a, b), [4, -10, -18]],
    ['mul by a number', mul(a, -2), [-2, -4, 6]],
    ['div', div(a, b), [0.25, -0.4, -0.5]],
    ['div by a number', div(a, 2), [0.5, 1, -1.5]],
    ['div of a number', div(6, a), [6, 3, -2]],
    ['div by 0', div(a, 0), [infinity, infinity, -infinity]],
    ['pow', pow(a, float64([2, 3, 2])), [1, 8, 9]],
    ['pow of a negative base', pow(a, 0.5), [1, Math.SQRT2, nan]],
    ['pow of a number', pow(2, a), [2, 4, 0.125]],
    ['pow to 0', pow(float64([0, 2]), 0), [1, 1]],
    ['maximum', maximum(a, b), [4, 2, 6]],
    ['minimum with a number', minimum(a, 0), [0, 0, -3]],
    ['addRelu', addRelu(a, b), [5, 0, 3]],
    ['equal', equal(a, float64([1, 3, -3])), [1, 0, 1]],
    ['greater', greater(a, 1), [0, 1, 0]],
    ['greaterEqual', greaterEqual(a, 1), [1, 1, 0]],
    ['less', less(a, 1), [0, 0, 1]],
    ['lessEqual', lessEqual(a, 1), [1, 0, 1]],
    ['where', where(greater(a, 0), a, b), [1, 2, 6]],
  ])('%s', (_, result, expected) => {
    expectClose(valuesOf(result), expected, { rtol: 1e-14, atol: 0 });
  });

  test.each([
    ['add', add],
    ['sub', sub],
    ['mul', mul],
    ['div', div],
    ['pow', pow],
  ])('%s needs a tensor', (name, operation) => {
    expect(() => operation(1, 2)).toThrow(`${name}: at least one operand must be a tensor`);
  });

  test.each([
    ['maximum', maximum, [0, 0.5, 1], [1, 0.5, 0]],
    ['minimum', minimum, [1, 0.5, 0], [0, 0.5, 1]],
  ])('share the gradient evenly where they are equal: %s', (_, operation, gradX, gradY) => {
    const [x, y] = [variable64([1, 2, 3]), variable64([2, 2, 2])];
    sum(operation(x, y)).backward();
    expect([valuesOf(x.grad), valuesOf(y.grad)]).toEqual([gradX, gradY]);
  });

  test('NaN goes through', () => {
    const x = float64([nan, 1]);
    for (const result of [add(x, 1), mul(x, 0), maximum(x, 5), minimum(x, 5), relu(x), abs(x), addRelu(x, x)]) {
      expect(valuesOf(result)[0]).toBeNaN();
    }
  });
});

describe('the gradient of pow', () => {
  test('with a whole exponent holds for negative bases and 0', () => {
    const x = variable64([-2, 0, 3]);
    sum(pow(x, 3)).backward();
    expect(valuesOf(x.grad)).toEqual([12, 0, 27]);
  });

  test('with exponent 0 is 0, at 0 too', () => {
    const x = variable64([0, 2]);
    sum(pow(x, 0)).backward();
    expect(valuesOf(x.grad)).toEqual([0, 0]);
  });

  test('in the exponent is 0 at base 0', () => {
    const exponent = variable64([2, 2]);
    sum(pow(float64([0, 1]), exponent)).backward();
    expect(valuesOf(exponent.grad)).toEqual([0, 0]);
  });
});

describe('where', () => {
  test('does not let NaN through from the other side, in the gradient either', () => {
    const x = variable64([0, 4]);
    const root = where(greater(x, 0), sqrt(where(greater(x, 0), x, 1)), 0);
    sum(root).backward();
    expect(valuesOf(root)).toEqual([0, 2]);
    expect(valuesOf(x.grad)).toEqual([0, 0.25]);
  });
});

describe('functions of one tensor', () => {
  const functions: Record<string, [(x: Tensor) => Tensor, (x: number) => number]> = {
    neg: [neg, (x) => -x],
    abs: [abs, Math.abs],
    sign: [sign, Math.sign],
    exp: [exp, Math.exp],
    log: [log, Math.log],
    sqrt: [sqrt, Math.sqrt],
    relu: [relu, (x) => Math.max(x, 0)],
    leakyRelu: [(x) => leakyRelu(x, 0.1), (x) => (x > 0 ? x : 0.1 * x)],
    sigmoid: [sigmoid, (x) => 1 / (1 + Math.exp(-x))],
    tanh: [tanh, Math.tanh],
    softplus: [softplus, (x) => Math.log1p(Math.exp(x))],
    silu: [silu, (x) => x / (1 + Math.exp(-x))],
  };

  test.each(Object.entries(functions))('%s', (_, [operation, expected]) => {
    const points = [-5, -1.25, -0.5, 0.25, 1, 2.5, 7];
    expectClose(valuesOf(operation(float64(points))), points.map(expected), { rtol: 1e-13, atol: 1e-15 });
  });

  // Values of Abramowitz and Stegun, table 7.1, and of Φ.
  test('erf and gelu', () => {
    expectClose(
      valuesOf(erf(float64([0, 0.5, 1, -2, 6]))),
      [0, 0.5204998778130465, 0.8427007929497149, -0.9953222650189527, 1],
      {
        rtol: 1e-14,
        atol: 0,
      },
    );
    expectClose(valuesOf(gelu(float64([-1, 0, 2]))), [-0.15865525393145707, 0, 1.9544997361036416], {
      rtol: 1e-14,
      atol: 0,
    });
  });

  test.each([
    ['sigmoid', sigmoid, [0, 1]],
    ['tanh', tanh, [-1, 1]],
    ['softplus', softplus, [0, 1000]],
    ['silu', silu, [-0, 1000]],
    ['gelu', gelu, [-0, 1000]],
  ])('%s neither overflows nor becomes NaN at ±1000, and neither does its gradient', (_, operation, expected) => {
    const x = variable64([-1000, 1000]);
    const y = operation(x);
    sum(y).backward();
    expectClose(valuesOf(y), expected, { rtol: 1e-14, atol: 0 });
    expect(valuesOf(x.grad).every(Number.isFinite)).toBe(true);
  });
});

describe('softmax', () => {
  test('sums to 1 along its axis', () => {
    const x = float64([
      [1, 2, 3],
      [1e4, -1e4, 0],
    ]);
    expectClose(valuesOf(sum(softmax(x), 1)), [1, 1], { rtol: 1e-14, atol: 0 });
    expectClose(valuesOf(sum(softmax(x, 0), 0)), [1, 1, 1], { rtol: 1e-14, atol: 0 });
  });

  test('and its logarithm stay exact far from 0', () => {
    expect(valuesOf(softmax(float64([1e4, 1e4])))).toEqual([0.5, 0.5]);
    expectClose(valuesOf(logSoftmax(float64([0, -1e4]))), [0, -1e4], { rtol: 1e-14, atol: 0 });
    expect(() => softmax(float64(1))).toThrow('softmax: axis -1 is out of range for rank 0');
  });
});
