import { expect, test } from 'vitest';
import * as ops from '../../../src/ops/index.js';
import { elementwiseCases } from './elementwiseCases.js';
import { linearCases } from './linearCases.js';
import { movementCases } from './movementCases.js';
import { poolingCases } from './poolingCases.js';

/** Exports without a gradient of their own, and why. */
const withoutGradient: Readonly<Record<string, string>> = {
  argMax: 'an index',
  equal: 'piecewise constant',
  greater: 'piecewise constant',
  greaterEqual: 'piecewise constant',
  less: 'piecewise constant',
  lessEqual: 'piecewise constant',
  defineOp: 'makes operations',
  defineMultiOp: 'makes operations',
  grad: 'differentiates functions',
  valueAndGrad: 'differentiates functions',
};

test('every exported operation has its gradients checked, or a reason why not', () => {
  const covered = [elementwiseCases, linearCases, movementCases, poolingCases].flatMap((cases) => Object.keys(cases));
  expect([...covered, ...Object.keys(withoutGradient)].sort()).toEqual(Object.keys(ops).sort());
});
