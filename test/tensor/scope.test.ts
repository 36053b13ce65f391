import { describe, expect, test } from 'vitest';
import { add, exp, keep, mul, noGrad, Parameter, scope, sum, type Tensor } from '../../src/index.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';
import { countLiveTensors, disposeAll, nothing } from '../support/liveTensors.js';

const made = countLiveTensors();

describe('scope', () => {
  test('frees everything but its result', () => {
    using x = float64([1, 2, 3]);
    using y = scope(() => add(mul(exp(x), 2), mul(x, x)));
    expect(made()).toEqual({ tensors: 2, storages: 2, bytes: 48 });
    expect(valuesOf(y)[0]).toBeCloseTo(2 * Math.E + 1, 12);
  });

  test('keeps results inside arrays, objects, maps and sets', () => {
    const result = scope(() => ({
      list: [float64([1]), [float64([2])]],
      map: new Map([['a', { deep: float64([3]) }]]),
      set: new Set([float64([4])]),
      number: 5,
      nothing: null,
    }));
    expect(made().tensors).toBe(4);
    expect(valuesOf(result.map.get('a')?.deep)).toEqual([3]);
    disposeAll(...result.list.flat(), ...result.set, result.map.get('a')?.deep);
  });

  test('survives a result that refers to itself', () => {
    const result = scope(() => {
      const node: { self?: object; t: Tensor } = { t: float64([1]) };
      node.self = node;
      return node;
    });
    result.t.dispose();
  });

  test('hands what an inner scope returns to the outer one', () => {
    scope(() => {
      const inner = scope(() => mul(float64([1]), 2));
      expect(valuesOf(inner)).toEqual([2]);
      expect(made().tensors).toBe(1);
    });
    expect(made()).toEqual(nothing);
  });

  test('leaves tensors from outside alone, even as a result', () => {
    using x = float64([1]);
    scope(() => x);
    scope(() => {
      scope(() => mul(x, 2));
    });
    expect(valuesOf(x)).toEqual([1]);
    expect(made().tensors).toBe(1);
  });

  test('keeps what a result needs for its backward pass, and frees it with that', () => {
    const x = variable64([1, 2]);
    scope(() => {
      const loss = scope(() => {
        const unused = mul(x, 7);
        expect(unused.isDisposed).toBe(false);
        return sum(exp(mul(x, x)));
      });
      loss.backward();
    });
    expect(valuesOf(x.grad)[0]).toBeCloseTo(2 * Math.E, 12);
    disposeAll(x.grad, x);
  });

  test('frees the activations of a returned loss once its graph is freed', () => {
    const x = variable64([1, 2]);
    const loss = scope(() => {
      const y = sum(exp(mul(x, x)));
      y.backward();
      return y;
    });
    expect(made().tensors).toBe(3);
    disposeAll(loss, x.grad, x);
  });

  test('leaves gradients, parameters and kept tensors alive', () => {
    const { parameter, kept } = scope(() => {
      const made = { parameter: new Parameter(float64([2])), kept: 0 };
      const holder: { kept?: Tensor } = {};
      scope(() => {
        holder.kept = keep(mul(made.parameter.detach(), 3));
        sum(mul(made.parameter, 5)).backward();
      });
      return { parameter: made.parameter, kept: holder.kept! };
    });
    expect(valuesOf(parameter.grad)).toEqual([5]);
    expect(valuesOf(kept)).toEqual([6]);
    disposeAll(kept, parameter.grad, parameter);
  });

  test('frees everything when its function throws', () => {
    expect(() =>
      scope(() => {
        scope(() => float64([1]));
        mul(float64([1]), 2);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(made()).toEqual(nothing);
    using afterwards = float64([1]);
    expect(afterwards.isDisposed).toBe(false);
  });

  test('refuses functions that return promises, and frees what they made so far', () => {
    const late = scope.bind(undefined, async () => {
      mul(float64([1]), 2);
    });
    expect(late).toThrow('scope: the function returned a promise; return the tensors and await their values outside');
    expect(made()).toEqual(nothing);
  });

  test('takes tensors that were disposed inside', () => {
    scope(() => float64([1]).dispose());
    expect(made()).toEqual(nothing);
  });

  test('brings a training loop back to where it was after every step', () => {
    const weight = scope(() => new Parameter(float64([0.5, -0.5])));
    const seen = new Set<number>();
    for (let step = 0; step < 5; step++) {
      scope(() => {
        const loss = sum(exp(mul(weight, mul(weight, 3))));
        loss.backward();
        noGrad(() => weight.assign(add(weight, mul(weight.grad!, -0.01))));
      });
      seen.add(made().bytes);
    }
    // The parameter and its gradient, which accumulates.
    expect([...seen]).toEqual([32]);
    disposeAll(weight.grad, weight);
  });
});
