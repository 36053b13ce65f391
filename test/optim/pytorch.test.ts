import { describe, expect, test } from 'vitest';
import { matmul, mul, sub, sum } from '../../src/ops/index.js';
import { Adam, AdamW, type Optimizer, SGD } from '../../src/optim/index.js';
import { tensor } from '../../src/tensor/create.js';
import { Parameter } from '../../src/tensor/parameter.js';
import { scope } from '../../src/tensor/scope.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { readFixture } from '../support/readFixture.js';

interface Case {
  readonly id: number;
  readonly op: string;
  readonly options: {
    readonly lr: number;
    readonly momentum?: number;
    readonly dampening?: number;
    readonly weight_decay: number;
    readonly nesterov?: boolean;
    readonly betas?: readonly [number, number];
    readonly eps?: number;
  };
}

const { tensors, metadata } = readFixture('optimizers');
const cases: Case[] = JSON.parse(metadata.cases ?? '[]');

function read(name: string): Tensor {
  const entry = tensors.get(name);
  if (!entry) throw new Error(`no tensor ${name}`);
  return tensor(Float64Array.from(entry.data as Float64Array), {
    shape: entry.shape,
    dtype: 'float64',
    backend: 'reference',
  });
}

function make({ op, options }: Case, parameter: Parameter): Optimizer {
  const { lr, weight_decay: weightDecay, momentum = 0, dampening = 0, nesterov = false } = options;
  if (op.startsWith('sgd')) return new SGD([parameter], { lr, momentum, dampening, weightDecay, nesterov });
  const { betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8 } = options;
  const adam = { lr, beta1, beta2, eps, weightDecay };
  return op === 'adam' ? new Adam([parameter], adam) : new AdamW([parameter], adam);
}

describe('the optimisers', () => {
  test('have five reference trajectories', () => expect(cases).toHaveLength(5));

  test.each(cases)('follow PyTorch: 20 steps of $op on a quadratic', async (trial) => {
    const [a, c, x0] = [read(`${trial.id}.A`), read(`${trial.id}.c`), read(`${trial.id}.x0`)];
    const trajectory = await read(`${trial.id}.trajectory`).data();
    const x = new Parameter(x0);
    const optimizer = make(trial, x);
    for (let step = 0; step < 20; step++) {
      optimizer.zeroGrad();
      scope(() => sub(mul(sum(mul(x, matmul(a, x))), 0.5), sum(mul(c, x))).backward());
      optimizer.step();
      const values = await x.data();
      values.forEach((value, i) => {
        const expected = trajectory[step * values.length + i]!;
        expect(Math.abs(value - expected)).toBeLessThan(1e-10 * Math.max(1, Math.abs(expected)));
      });
    }
  });
});
