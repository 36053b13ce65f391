import { describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.js';
import { relu, sum } from '../../src/ops/index.js';
import { ones, randn, tensor, zeros } from '../../src/tensor/create.js';
import { Generator } from '../../src/tensor/generator.js';
import { Parameter } from '../../src/tensor/parameter.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** Every way to hold something: a parameter, a buffer, a child, children in an array. */
class Example extends nn.Module {
  readonly scale = new Parameter(ones(1));
  readonly runningMax = new nn.Buffer(zeros(1));
  readonly stem = new nn.Linear(2, 3);
  readonly blocks = [new nn.Linear(3, 3), new nn.Sequential(new nn.ReLU(), new nn.Linear(3, 1, { bias: false }))];
  readonly note = 'not a module';

  override forward(x: Tensor): Tensor {
    return this.blocks.reduce((value, block) => block.forward(value), relu(this.stem.forward(x)));
  }
}

const names = [
  'scale',
  'running_max',
  'stem.weight',
  'stem.bias',
  'blocks.0.weight',
  'blocks.0.bias',
  'blocks.1.1.weight',
];

describe('Module', () => {
  test('finds parameters, buffers and children in properties and arrays, in PyTorch order', () => {
    const model = new Example();
    expect(Object.keys(model.stateDict())).toEqual(names);
    expect(model.namedParameters().map(([name]) => name)).toEqual(names.filter((name) => name !== 'running_max'));
    expect(model.namedBuffers().map(([name]) => name)).toEqual(['running_max']);
    expect(model.namedModules().map(([name]) => name)).toEqual([
      '',
      'stem',
      'blocks.0',
      'blocks.1',
      'blocks.1.0',
      'blocks.1.1',
    ]);
    expect(model.children()).toHaveLength(3);
    expect(nn.countParameters(model)).toBe(1 + 9 + 12 + 3);
  });

  test('gives a shared layer to the optimiser once, and to the state dict under both names', () => {
    const shared = new nn.Linear(2, 2, { bias: false });
    const model = new nn.Sequential(shared, new nn.ReLU(), shared);
    expect(model.parameters()).toHaveLength(1);
    expect(model.modules()).toHaveLength(3);
  });

  test('keeps freezing apart from buffers: a frozen weight stays a parameter', () => {
    const layer = new nn.Linear(2, 2);
    layer.weight.requiresGrad = false;
    expect(layer.parameters()).toHaveLength(2);
    expect(layer.buffers()).toHaveLength(0);
  });

  test('train and eval reach every module below', () => {
    const model = new Example().eval();
    expect(model.modules().map((module) => module.training)).toEqual(new Array(6).fill(false));
    expect(
      model
        .train()
        .modules()
        .every((module) => module.training),
    ).toBe(true);
  });

  test('zeroGrad frees gradients', () => {
    const model = new Example();
    sum(model.forward(randn([4, 2]))).backward();
    const { grad } = model.stem.weight;
    expect(grad?.shape).toEqual([3, 2]);
    model.zeroGrad();
    expect(model.stem.weight.grad).toBeUndefined();
    expect(grad?.isDisposed).toBe(true);
  });

  test('to({ backend, dtype }) converts everything in place', async () => {
    const model = new Example();
    const { weight } = model.stem;
    const before = await weight.data();
    expect(await model.to({ backend: 'reference', dtype: 'float64' })).toBe(model);
    expect(model.stem.weight).toBe(weight);
    expect(model.parameters().every((parameter) => parameter.dtype === 'float64')).toBe(true);
    expect(model.runningMax.dtype).toBe('float64');
    expect(await weight.data()).toEqual(Float64Array.from(before));
    const y = model.forward(randn([4, 2], { backend: 'reference', dtype: 'float64' }));
    sum(y).backward();
    expect(weight.grad?.dtype).toBe('float64');
  });
});

describe('a state dict', () => {
  test('is a snapshot that goes into another model', async () => {
    const [source, target] = [new Example(), new Example()];
    const state = source.stateDict();
    const weight = await source.stem.weight.data();
    source.stem.weight.assign(zeros([3, 2]));
    expect(await state['stem.weight']!.data()).toEqual(weight);
    expect(target.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
    expect(await target.stem.weight.data()).toEqual(weight);
  });

  test('that lacks, adds and misshapes entries is refused whole, naming each', async () => {
    const model = new Example();
    const before = await model.stem.weight.data();
    const { scale: _, ...state } = new Example().stateDict();
    const broken = { ...state, 'stem.bias': zeros(4), extra: zeros(1) };
    expect(() => model.loadStateDict(broken)).toThrow(
      'loadStateDict: Example has 1 missing: scale; 1 unexpected: extra; 1 mis-shaped: stem.bias [3], given [4]',
    );
    expect(() => model.loadStateDict(broken, { strict: false })).toThrow('mis-shaped: stem.bias');
    expect(await model.stem.weight.data()).toEqual(before);
  });

  test('may be partial with strict: false', () => {
    const result = new Example().loadStateDict({ scale: tensor([3]), other: zeros(1) }, { strict: false });
    expect(result).toEqual({ missing: names.slice(1), unexpected: ['other'] });
  });

  test('a name that a file chose is quoted in part', () => {
    const load = () => new nn.Linear(1, 1).loadStateDict({ ['x'.repeat(5000)]: tensor([1]) });
    expect(load).toThrow(/unexpected: x{79}…$/);
  });

  test('of another dtype is refused, naming it', () => {
    expect(() =>
      new Example().loadStateDict({ scale: ones(1, { backend: 'reference', dtype: 'float64' }) }, { strict: false }),
    ).toThrow('scale (float32 on wasm), given float64 on reference');
  });

  test("may hold PyTorch's num_batches_tracked", () => {
    const layer = new nn.BatchNorm2d(2);
    const state = { ...layer.stateDict(), num_batches_tracked: tensor(7) };
    expect(Object.keys(layer.stateDict())).toEqual(['weight', 'bias', 'running_mean', 'running_var']);
    expect(layer.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
  });
});

describe('observeForward', () => {
  test('reports every call, innermost first, and then leaves no trace', () => {
    const model = new Example();
    const calls: string[] = [];
    const run = () => model.forward(ones([1, 2]));
    nn.observeForward(model, ({ name, output }) => calls.push(`${name}[${output.shape}]`), run);
    expect(calls).toEqual([
      'stem[1,3]',
      'blocks.0[1,3]',
      'blocks.1.0[1,3]',
      'blocks.1.1[1,1]',
      'blocks.1[1,1]',
      '[1,1]',
    ]);
    run();
    expect(calls).toHaveLength(6);
    expect(Object.hasOwn(model, 'forward')).toBe(false);
  });

  test('tells of the start of every call, outermost first', () => {
    const model = new Example();
    const events: string[] = [];
    nn.observeForward(
      model,
      ({ name }) => events.push(`end ${name}`),
      () => model.forward(ones([1, 2])),
      ({ name, input }) => events.push(`start ${name}[${input.shape}]`),
    );
    expect(events.slice(0, 3)).toEqual(['start [1,2]', 'start stem[1,2]', 'end stem']);
    expect(events).toHaveLength(12);
  });

  test('takes the observer away when the body throws', () => {
    const model = new Example();
    expect(() =>
      nn.observeForward(
        model,
        () => {},
        () => model.forward(ones([1, 5])),
      ),
    ).toThrow('linear');
    expect(Object.hasOwn(model, 'forward')).toBe(false);
  });
});

describe('initial weights', () => {
  const shape = [64, 32, 3, 3];
  const spread = async (values: Tensor) => {
    const data = Float64Array.from(await values.data());
    const std = Math.sqrt(data.reduce((total, value) => total + value * value, 0) / data.length);
    return { std, max: data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) };
  };
  const generator = () => new Generator(1);

  test.each([
    ['kaimingNormal fanIn', nn.init.kaimingNormal, {}, Math.sqrt(2 / 288)],
    ['kaimingNormal fanOut', nn.init.kaimingNormal, { mode: 'fanOut' }, Math.sqrt(2 / 576)],
    ['xavierNormal', nn.init.xavierNormal, {}, Math.sqrt(2 / 864)],
    ['kaimingUniform', nn.init.kaimingUniform, {}, Math.sqrt(2 / 288)],
    ['xavierUniform', nn.init.xavierUniform, {}, Math.sqrt(2 / 864)],
    ['defaultWeight', nn.init.defaultWeight, {}, Math.sqrt(1 / 3 / 288)],
  ] as const)('%s has the deviation it promises', async (name, init, options, expected) => {
    const { std, max } = await spread(init(shape, { ...options, generator: generator() }));
    expect(std / expected).toBeCloseTo(1, 1);
    if (!name.includes('Normal')) expect(max).toBeLessThanOrEqual(expected * Math.sqrt(3) * (1 + 1e-6));
  });

  test('of a layer lie within ±1/√fanIn, bias included', async () => {
    const layer = new nn.Conv2d(32, 64, { kernelSize: 3, generator: generator() });
    expect(layer.weight.shape).toEqual(shape);
    expect((await spread(layer.weight)).max).toBeLessThanOrEqual(1 / Math.sqrt(288));
    expect((await spread(layer.bias!)).max).toBeLessThanOrEqual(1 / Math.sqrt(288));
  });

  test('follow the generator', async () => {
    const draw = async (seed: number) => new nn.Linear(4, 4, { generator: new Generator(seed) }).weight.data();
    expect(await draw(3)).toEqual(await draw(3));
    expect(await draw(3)).not.toEqual(await draw(4));
  });
});
