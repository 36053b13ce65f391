import { describe, expect, test } from 'vitest';
import {
  add,
  defineMultiOp,
  defineOp,
  gradients,
  mul,
  noGrad,
  type Op,
  reshape,
  sum,
  type Tensor,
} from '../../src/index.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';

const gradOf = (t: Tensor): number[] => valuesOf(t.grad);

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
