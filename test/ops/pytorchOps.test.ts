import { describe, expect, test } from 'vitest';
import * as ops from '../../src/index.js';
import { gradients, Parameter, type Tensor } from '../../src/index.js';
import { expectClose } from '../support/closeness.js';
import { type FixtureCase, fixtureCases } from '../support/fixtures.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';
import { tolerances } from '../tolerances.js';

interface OpAttributes {
  readonly stride?: number[];
  readonly padding?: number[];
  readonly dilation?: number[];
  readonly groups?: number;
  readonly training?: boolean;
  readonly momentum?: number;
  readonly eps?: number;
  readonly labelSmoothing?: number;
}

type OpCase = FixtureCase<OpAttributes>;

const cases = fixtureCases<OpAttributes>('ops.safetensors');
const tolerance = tolerances['reference float64'];

const convolutions = { conv1d: ops.conv1d, conv2d: ops.conv2d, conv3d: ops.conv3d };
const elementwise = {
  relu: ops.relu,
  gelu: ops.gelu,
  silu: ops.silu,
  sigmoid: ops.sigmoid,
  tanh: ops.tanh,
  softplus: ops.softplus,
  exp: ops.exp,
  leakyRelu: ops.leakyRelu,
  softmax: ops.softmax,
  logSoftmax: ops.logSoftmax,
};

const isKey = <T extends object>(record: T, key: string): key is keyof T & string => key in record;

/** The operation of a case, with the inputs to differentiate by name. */
function call({ attributes, get, has }: OpCase): { y: Tensor; inputs: Record<string, Tensor> } {
  const { op, ...options } = attributes;
  const input = (name: string): Tensor => variable64(get(name).data, get(name).shape);
  if (isKey(elementwise, op)) {
    const x = input('x');
    return { y: elementwise[op](x), inputs: { x } };
  }
  if (op === 'matmul') {
    const [a, b] = [input('a'), input('b')];
    return { y: ops.matmul(a, b), inputs: { a, b } };
  }
  if (op === 'crossEntropy') {
    const x = input('x');
    return { y: ops.crossEntropy(x, get('target').data, options), inputs: { x } };
  }
  const [x, weight] = [input('x'), input('weight')];
  const bias = has('bias') ? input('bias') : undefined;
  const inputs = { x, weight, ...(bias && { bias }) };
  if (isKey(convolutions, op)) return { y: convolutions[op](x, weight, { bias, ...options }), inputs };
  if (op === 'linear') return { y: ops.linear(x, weight, bias), inputs };
  if (op === 'batchNorm')
    return { y: ops.batchNorm(x, { weight, bias, ...runningStatistics(get), ...options }), inputs };
  throw new Error(`no test for ${op}`);
}

function runningStatistics(get: OpCase['get']): { runningMean: Parameter; runningVar: Parameter } {
  const parameter = (name: string): Parameter => new Parameter(float64(get(name).data, get(name).shape));
  return { runningMean: parameter('runningMean'), runningVar: parameter('runningVar') };
}

describe('PyTorch agrees on the value and the gradients of', () => {
  test.each(cases)('$title', (fixture) => {
    const { get, has } = fixture;
    const { y, inputs } = call(fixture);
    expect(y.shape).toEqual(get('y').shape);
    expectClose(valuesOf(y), get('y').data, tolerance, 'y');
    const gradient = has('gy') ? float64(get('gy').data, get('gy').shape) : undefined;
    const found = gradients(y, Object.values(inputs), { gradient });
    Object.keys(inputs).forEach((name, i) => {
      expectClose(valuesOf(found[i]), get(`g${name}`).data, tolerance, `g${name}`);
    });
  });
});

describe('PyTorch agrees on the running statistics of', () => {
  test.each(cases.filter(({ attributes }) => attributes.op === 'batchNorm'))('$title', ({ attributes, get }) => {
    const running = runningStatistics(get);
    ops.batchNorm(float64(get('x').data, get('x').shape), { ...attributes, ...running });
    expectClose(valuesOf(running.runningMean), get('runningMeanAfter').data, tolerance, 'running mean');
    expectClose(valuesOf(running.runningVar), get('runningVarAfter').data, tolerance, 'running variance');
  });
});
