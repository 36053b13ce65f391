import { describe, expect, test } from 'vitest';
import * as ops from '../../src/index.js';
import { gradients, type Tensor, type WindowOptions } from '../../src/index.js';
import { expectClose } from '../support/closeness.js';
import { type FixtureCase, fixtureCases } from '../support/fixtures.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';
import { tolerances } from '../tolerances.js';

interface PoolingAttributes {
  readonly kernel: number[];
  readonly stride: number[];
  readonly padding: number[];
  readonly dilation?: number[];
  readonly ceilMode: boolean;
  readonly beta?: number;
  readonly countIncludePad?: boolean;
}

const cases = fixtureCases<PoolingAttributes>('pooling.safetensors');
const tolerance = tolerances['reference float64'];

const pools: Record<string, (x: Tensor, options: WindowOptions & object) => Tensor> = {
  softPool1d: ops.softPool1d,
  softPool2d: ops.softPool2d,
  softPool3d: ops.softPool3d,
  maxPool1d: ops.maxPool1d,
  maxPool2d: ops.maxPool2d,
  maxPool3d: ops.maxPool3d,
  avgPool1d: ops.avgPool1d,
  avgPool2d: ops.avgPool2d,
  avgPool3d: ops.avgPool3d,
};

/** Pools the case's x, and sends its cotangent back. */
function run({ attributes, get }: FixtureCase<PoolingAttributes>, more: object = {}): { y: Tensor; gx: Tensor } {
  const { op, kernel, ...options } = attributes;
  const x = variable64(get('x').data, get('x').shape);
  const y = pools[op]!(x, { kernelSize: kernel, ...options, ...more });
  expect(y.shape).toEqual(get('y').shape);
  const [gx] = gradients(y, [x], { gradient: float64(get('gy').data, get('gy').shape) });
  return { y, gx: gx! };
}

test('the file holds cases of every pooling in one to three dimensions', () => {
  expect(new Set(cases.map(({ attributes }) => attributes.op))).toEqual(new Set(Object.keys(pools)));
  expect(cases.length).toBeGreaterThanOrEqual(99);
});

describe('PyTorch agrees on the value and the gradient of', () => {
  test.each(cases)('$title', (pooling) => {
    const { y, gx } = run(pooling);
    expectClose(valuesOf(y), pooling.get('y').data, tolerance, 'y');
    expectClose(valuesOf(gx), pooling.get('gx').data, tolerance, 'gx');
  });
});

describe('PyTorch agrees on the gradient with constant weights of', () => {
  test.each(cases.filter(({ has }) => has('gxDetached')))('$title', (pooling) => {
    const { y, gx } = run(pooling, { gradient: 'detached' });
    expectClose(valuesOf(y), pooling.get('y').data, tolerance, 'y');
    expectClose(valuesOf(gx), pooling.get('gxDetached').data, tolerance, 'gxDetached');
  });
});
