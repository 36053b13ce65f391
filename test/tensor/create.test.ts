import { describe, expect, test } from 'vitest';
import {
  arange,
  bernoulli,
  eye,
  full,
  Generator,
  manualSeed,
  ones,
  randn,
  tensor,
  uniform,
  zeros,
} from '../../src/index.js';

const reference = { backend: 'reference' } as const;

describe('tensor', () => {
  test.each([
    [5, []],
    [[1, 2, 3], [3]],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [3, 2],
    ],
    [[[[1]]], [1, 1, 1]],
    [[], [0]],
    [
      [[], []],
      [2, 0],
    ],
  ])('of %j has shape %j', async (values, shape) => {
    const t = tensor(values);
    expect(t.shape).toEqual(shape);
    expect([...(await t.data())]).toEqual([values].flat(4));
  });

  test('of a typed array is flat, or has the shape it is given', async () => {
    const bytes = Uint8Array.of(1, 2, 3, 255);
    expect(tensor(bytes).shape).toEqual([4]);
    const t = tensor(bytes, { shape: [2, 2] });
    expect(t.shape).toEqual([2, 2]);
    expect([...(await t.data())]).toEqual([1, 2, 3, 255]);
  });

  test('copies what it is given', async () => {
    const values = Float32Array.of(1, 2);
    const t = tensor(values);
    values[0] = 9;
    expect([...(await t.data())]).toEqual([1, 2]);
    (await t.data())[0] = 9;
    expect([...(await t.data())]).toEqual([1, 2]);
  });

  test('is float32 unless told otherwise', async () => {
    const [single, double] = [tensor(0.1), tensor(0.1, { dtype: 'float64', ...reference })];
    expect(await single.data()).toBeInstanceOf(Float32Array);
    expect(await single.item()).toBe(Math.fround(0.1));
    expect(await double.data()).toBeInstanceOf(Float64Array);
    expect(await double.item()).toBe(0.1);
  });

  test('says what it is', () => {
    const t = tensor([[1, 2]], { requiresGrad: true, ...reference });
    expect(`${t}`).toBe('Tensor [1, 2] float32 reference, requiresGrad');
    expect(t).toMatchObject({ rank: 2, size: 2, requiresGrad: true, isDisposed: false });
  });

  test.each([
    [() => tensor([[1, 2], [3]]), 'tensor: entry 1 has shape [1], the first has [2]'],
    [() => tensor([1, [2]]), 'tensor: entry 1 has shape [1], the first has []'],
    [() => tensor([1, 2, 3], { shape: [2, 2] }), 'tensor: shape [2,2] holds 4 values, got 3'],
    [() => tensor([1], { shape: [-1] }), 'tensor: sizes must be whole numbers of at least 0, got [-1]'],
    [() => zeros([1.5]), 'full: sizes must be whole numbers of at least 0, got [1.5]'],
  ])('refuses what has no shape: %s', (make, message) => {
    expect(make).toThrow(message);
  });

  test('item needs exactly one cell', async () => {
    expect(await tensor([[7]]).item()).toBe(7);
    await expect(tensor([1, 2]).item()).rejects.toThrow('item: needs one cell, got shape [2]; use data()');
  });
});

describe('filled tensors', () => {
  test.each([
    ['zeros', zeros([2, 2]), [0, 0, 0, 0]],
    ['ones', ones(3), [1, 1, 1]],
    ['full', full([2], 2.5), [2.5, 2.5]],
    ['eye', eye(2), [1, 0, 0, 1]],
    ['arange of one number', arange(3), [0, 1, 2]],
    ['arange with a step', arange(1, 2, 0.25), [1, 1.25, 1.5, 1.75]],
    ['arange backwards', arange(3, 0, -1), [3, 2, 1]],
    ['arange of nothing', arange(2, 1), []],
  ])('%s', async (_, t, values) => {
    expect([...(await t.data())]).toEqual(values);
  });

  test('arange refuses a step of 0', () => {
    expect(() => arange(0, 1, 0)).toThrow('arange: needs finite numbers and a step other than 0, got 0, 1, 0');
  });
});

describe('random tensors', () => {
  test('repeat after manualSeed', async () => {
    const draw = async (): Promise<number[]> => {
      const tensors = [randn([3]), uniform([3]), bernoulli([8])];
      return (await Promise.all(tensors.map((t) => t.data()))).flatMap((values) => [...values]);
    };
    manualSeed(7);
    const first = await draw();
    expect(await draw()).not.toEqual(first);
    manualSeed(7);
    expect(await draw()).toEqual(first);
  });

  test('are the same stream in float32 and float64', async () => {
    const single = await randn([5], { generator: new Generator(3) }).data();
    const double = await randn([5], { generator: new Generator(3), dtype: 'float64', ...reference }).data();
    expect([...single]).toEqual([...Float32Array.from(double)]);
  });

  test('leave the default generator alone when given one', async () => {
    manualSeed(1);
    const expected = await uniform([4]).data();
    manualSeed(1);
    randn([10], { generator: new Generator(5) });
    expect(await uniform([4]).data()).toEqual(expected);
  });

  test('uniform keeps to its range, bernoulli to its probability', async () => {
    const generator = new Generator(0);
    const values = [...(await uniform([1000], -2, 3, { generator }).data())];
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values)).toBeLessThan(3);
    const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(mean([...(await bernoulli([10_000], 0.3, { generator }).data())])).toBeCloseTo(0.3, 1);
    expect(mean([...(await bernoulli([10], 1, { generator }).data())])).toBe(1);
    expect(() => bernoulli([1], 1.5)).toThrow('bernoulli: p must lie between 0 and 1, got 1.5');
  });
});
