import { describe, expect, test } from 'vitest';
import { mul, sum } from '../../src/ops/index.js';
import { Adam, AdamW, clipGradNorm, clipGradValue, type Optimizer, SGD } from '../../src/optim/index.js';
import type { OptimizerState } from '../../src/optim/optimizerState.js';
import { tensor } from '../../src/tensor/create.js';
import { Parameter } from '../../src/tensor/parameter.js';
import { memory, scope } from '../../src/tensor/scope.js';

const float64 = { dtype: 'float64', backend: 'reference' } as const;
const parameter = (...values: number[]) => new Parameter(tensor(values, float64));

/** One step of ½Σ scale·p² for each parameter: its gradient is scale·p. */
function descend(optimizer: Optimizer, scale = 1): void {
  optimizer.zeroGrad();
  scope(() => {
    for (const p of optimizer.parameters) sum(mul(mul(p, p), scale / 2)).backward();
  });
  optimizer.step();
}

const makers: [string, (params: Parameter[]) => Optimizer][] = [
  ['SGD', (params) => new SGD(params, { lr: 0.1 })],
  ['SGD with momentum', (params) => new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 })],
  ['Adam', (params) => new Adam(params, { lr: 0.1, weightDecay: 0.01 })],
  ['AdamW', (params) => new AdamW(params, { lr: 0.1 })],
];

describe.each(makers)('%s', (_, make) => {
  test('lowers a quadratic', async () => {
    const p = parameter(1, -2, 3);
    const optimizer = make([p]);
    for (let step = 0; step < 200; step++) descend(optimizer);
    expect(Math.max(...(await p.data()).map(Math.abs))).toBeLessThan(0.1);
  });

  test('leaves the gradient as it was, and parameters without one alone', async () => {
    const [p, idle] = [parameter(1, 2), parameter(5)];
    const optimizer = make([p, idle]);
    sum(mul(p, p)).backward();
    optimizer.step();
    optimizer.step();
    expect([...(await p.grad!.data())]).toEqual([2, 4]);
    expect([...(await idle.data())]).toEqual([5]);
  });

  test('goes on from a saved state exactly as without interruption', async () => {
    const [p, q] = [parameter(1, 2), parameter(3)];
    const optimizer = make([p, q]);
    for (let step = 0; step < 3; step++) descend(optimizer);
    const { tensors, ...json } = optimizer.stateDict();
    const copies = [p, q].map((value) => new Parameter(value.detach()));
    const other = make(copies);
    other.loadStateDict({ ...JSON.parse(JSON.stringify(json)), tensors });
    for (let step = 0; step < 3; step++) [optimizer, other].forEach((each) => void descend(each));
    expect(await copies[0]!.data()).toEqual(await p.data());
    expect(await copies[1]!.data()).toEqual(await q.data());
  });

  test('uses constant memory over steps', () => {
    const optimizer = make([parameter(1, 2), parameter(3)]);
    descend(optimizer);
    const before = memory();
    for (let step = 0; step < 5; step++) descend(optimizer);
    expect(memory()).toEqual(before);
    optimizer.zeroGrad();
    optimizer.dispose();
    expect(memory().storages).toBeLessThan(before.storages);
  });
});

describe('parameter groups', () => {
  test('have options of their own, and the optimiser its for the rest', async () => {
    const [decayed, free] = [parameter(1), parameter(1)];
    const groups = [{ params: [decayed], weightDecay: 1 }, { params: [free] }];
    const optimizer = new SGD(groups, { lr: 0.1 });
    descend(optimizer, 0);
    expect((await decayed.data())[0]).toBeCloseTo(0.9, 12);
    expect((await free.data())[0]).toBe(1);
  });

  test('keep the ratio of their learning rate when lr is set', async () => {
    const [slow, fast] = [parameter(1), parameter(1)];
    const optimizer = new SGD([{ params: [slow], lr: 0.01 }, { params: [fast] }], { lr: 0.1 });
    optimizer.lr = 0.5;
    expect(optimizer.lr).toBe(0.5);
    descend(optimizer);
    expect((await slow.data())[0]).toBeCloseTo(0.95, 12);
    expect((await fast.data())[0]).toBeCloseTo(0.5, 12);
  });
});

describe('an optimiser refuses', () => {
  const p = parameter(1);
  test.each([
    ['no parameters', () => new SGD([], { lr: 1 }), 'SGD: got no parameters; pass model.parameters()'],
    ['a parameter given twice', () => new Adam([p, p]), 'Adam: a parameter is given twice'],
    ['a negative rate', () => new SGD([p], { lr: -1 }), 'SGD: lr must be finite and at least 0, got -1'],
    ['nesterov without momentum', () => new SGD([p], { lr: 1, nesterov: true }), 'nesterov needs momentum above 0'],
    ['beta1 of 1', () => new AdamW([p], { beta1: 1 }), 'AdamW: beta1 must be at least 0 and below 1, got 1'],
    ['negative decay', () => new Adam([p], { weightDecay: -1 }), 'Adam: weightDecay must be finite and at least 0'],
    ['a rate that is NaN', () => Object.assign(new SGD([p], { lr: 1 }), { lr: Number.NaN }), 'SGD: lr must be finite'],
    [
      "another optimiser's state",
      () => new Adam([p]).loadStateDict(new SGD([p], { lr: 1 }).stateDict()),
      "Adam can't take the state of SGD",
    ],
    [
      'the state of other parameters',
      () => new Adam([p]).loadStateDict(new Adam([p, parameter(2)]).stateDict()),
      "groups of [1] parameters can't take those of [2]",
    ],
  ])('%s', (_, make, message) => expect(make).toThrow(message));

  const saved = new SGD([p], { lr: 1, momentum: 0.9 }).stateDict();
  const withOptions = (options: Record<string, number | boolean>) => ({ ...saved, groups: [{ size: 1, options }] });
  test.each<[string, OptimizerState, string]>([
    ['a rate that is NaN', { ...saved, lr: Number.NaN }, 'SGD: lr must be finite and at least 0, got NaN'],
    ['an option out of range', withOptions({ momentum: -1 }), 'SGD: momentum must be finite and at least 0, got -1'],
    ['an option that is NaN', withOptions({ dampening: Number.NaN }), 'dampening must be a finite number'],
    [
      'an option of another type',
      withOptions({ nesterov: 1 }),
      'the option nesterov = 1; nesterov must be a finite boolean',
    ],
    [
      'an unknown option',
      withOptions({ toString: true }),
      "SGD can't take the option toString = true; it knows momentum,",
    ],
    ['too many steps', { ...saved, steps: [1, 2] }, '2 counts of steps for 1 parameters'],
    ...['.velocity', '0x0.velocity', '00.velocity', '0', '1.velocity'].map((name): [string, OptimizerState, string] => [
      ...([
        `a tensor called '${name}'`,
        { ...saved, steps: [1], tensors: { [name]: p } },
        "doesn't fit, expected one of",
      ] as const),
    ]),
  ])('a state with %s, and changes nothing', (_, state, message) => {
    const optimizer = new SGD([p], { lr: 1, momentum: 0.9 });
    const tensors = memory().tensors;
    expect(() => optimizer.loadStateDict(state)).toThrow(message);
    expect(optimizer.stateDict()).toEqual(saved);
    expect(memory().tensors).toBe(tensors);
  });

  test('the state of parameters of another shape, and changes nothing', () => {
    const [one, two] = [new Adam([parameter(1)]), new Adam([parameter(1, 2)])];
    descend(one);
    expect(() => two.loadStateDict(one.stateDict())).toThrow("0.first [1] doesn't fit, expected shape [2]");
    expect(two.stateDict().tensors).toEqual({});
  });
});

describe('gradient clipping', () => {
  const withGrad = (...values: number[]) => {
    const p = parameter(...values);
    sum(mul(mul(p, p), 0.5)).backward();
    return p;
  };

  test('clipGradNorm scales all gradients to the common length, and returns the length before', async () => {
    const [p, q] = [withGrad(3, 0), withGrad(4)];
    const norm = clipGradNorm([p, q, parameter(9)], 1);
    expect(await norm.item()).toBeCloseTo(5, 12);
    expect((await p.grad!.data())[0]).toBeCloseTo(0.6, 6);
    expect((await q.grad!.data())[0]).toBeCloseTo(0.8, 6);
    expect(norm.requiresGrad).toBe(false);
  });

  test('clipGradNorm leaves shorter gradients, zero included', async () => {
    const [p, zero] = [withGrad(0.3, 0.4), withGrad(0)];
    clipGradNorm([p], 1);
    expect([...(await p.grad!.data())]).toEqual([0.3, 0.4]);
    expect(await clipGradNorm([zero], 1).item()).toBe(0);
    expect([...(await zero.grad!.data())]).toEqual([0]);
  });

  test('clipGradNorm reports a length that is not finite', async () => {
    expect(await clipGradNorm([withGrad(Number.NaN)], 1).item()).toBeNaN();
    expect(await clipGradNorm([withGrad(Number.POSITIVE_INFINITY)], 1).item()).toBe(Number.POSITIVE_INFINITY);
  });

  test('clipGradValue limits each component', async () => {
    const p = withGrad(-5, 0.5, 2);
    const before = p.grad;
    clipGradValue([p, parameter(1)], 1);
    expect([...(await p.grad!.data())]).toEqual([-1, 0.5, 1]);
    expect(before?.isDisposed).toBe(true);
  });

  test('refuses limits that make no sense, and gradients that are not there', () => {
    expect(() => clipGradNorm([withGrad(1)], 0)).toThrow('clipGradNorm: maxNorm must be positive and finite, got 0');
    expect(() => clipGradValue([withGrad(1)], Number.NaN)).toThrow('clipGradValue: limit must be positive and finite');
    expect(() => clipGradNorm([parameter(1)], 1)).toThrow('no parameter has a gradient; call backward()');
  });
});
