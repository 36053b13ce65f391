import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ArgumentError } from '../../src/errors.js';
import { Generator, type GeneratorState } from '../../src/tensor/generator.js';
import { portableLog } from '../../src/tensor/portableLog.js';
import { defaultGenerator, manualSeed } from '../../src/tensor/random.js';

const seeds = fc.oneof(fc.maxSafeInteger(), fc.bigInt(), fc.string());
const words = (generator: Generator, count: number): number[] =>
  Array.from({ length: count }, () => generator.nextUint32());

function moments(values: ArrayLike<number>): { mean: number; std: number } {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return { mean, std: Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length) };
}

describe('the stream', () => {
  test('equals xoshiro128** from the state 1, 2, 3, 4', () => {
    const generator = new Generator();
    generator.state = { ...generator.state, words: [1, 2, 3, 4] };
    const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
    expect(words(generator, 8)).toEqual(expected);
  });

  test('never changes: known values of seed 42', () => {
    const generator = new Generator(42);
    expect(generator.nextUint32()).toBe(1776835114);
    expect(generator.uniform()).toBe(0.969787284761548);
    expect(generator.normal()).toBe(0.968543537539167);
    expect(generator.normal()).toBe(2.3222153567465216);
    expect(generator.integer(10)).toBe(1);
    expect(generator.fork('weights').uniform()).toBe(0.7784931332601678);
    expect(new Generator('a').uniform()).toBe(0.007778168475642611);
    expect(Array.from(generator.permutation(8))).toEqual([7, 5, 4, 0, 1, 3, 6, 2]);
  });

  test.prop([seeds])('repeats for an equal seed, after manualSeed too', (seed) => {
    const generator = new Generator(seed);
    const first = words(generator, 20);
    expect(words(new Generator(seed), 20)).toEqual(first);
    expect(words(generator.manualSeed(seed), 20)).toEqual(first);
  });

  test.prop([fc.maxSafeInteger()])('is the same for an integer seed as number and as bigint', (seed) => {
    expect(words(new Generator(seed), 4)).toEqual(words(new Generator(BigInt(seed)), 4));
  });

  test('differs between neighbouring seeds, and between a number and its string', () => {
    const starts = [0, 1, 2, -1, '0', '1', '', 'a'].map((seed) => words(new Generator(seed), 2).join());
    expect(new Set(starts).size).toBe(starts.length);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('the seed %d is refused', (seed) => {
    expect(() => new Generator(seed)).toThrow(ArgumentError);
  });
});

describe('fork', () => {
  test.prop([seeds, fc.string(), fc.nat(50)])('depends on seed and name, not on use', (seed, name, used) => {
    const parent = new Generator(seed);
    const expected = words(parent.fork(name), 10);
    for (let i = 0; i < used; i++) parent.normal();
    expect(words(parent.fork(name), 10)).toEqual(expected);
  });

  test.prop([seeds, fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 2 })])(
    'gives different names different streams, all different from the parent',
    (seed, [first, second]) => {
      const parent = new Generator(seed);
      const streams = [parent, parent.fork(first!), parent.fork(second!), parent.fork(first!).fork(second!)];
      expect(new Set(streams.map((stream) => words(stream, 3).join())).size).toBe(4);
    },
  );

  test('children of neighbouring seeds are uncorrelated', () => {
    const count = 20_000;
    const columns = [new Generator(1).fork('x'), new Generator(2).fork('x'), new Generator(1).fork('y')].map(
      (generator) => generator.fillNormal(new Float64Array(count)),
    );
    for (const [left, right] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const products = columns[left]!.map((value, index) => value * columns[right]![index]!);
      expect(Math.abs(moments(products).mean)).toBeLessThan(4 / Math.sqrt(count));
    }
  });
});

describe('distributions', () => {
  const count = 100_000;

  test('uniform: [0, 1), mean ½, deviation 1/√12', () => {
    const values = new Generator(3).fillUniform(new Float64Array(count));
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const { mean, std } = moments(values);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(std).toBeCloseTo(1 / Math.sqrt(12), 2);
  });

  test('normal: mean, deviation, skewness, kurtosis, and the share beyond 1, 2 and 3 deviations', () => {
    const values = new Generator(4).fillNormal(new Float64Array(count), 5, 2).map((value) => (value - 5) / 2);
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / count;
    const share = (limit: number): number => values.filter((value) => Math.abs(value) > limit).length / count;
    expect(moment(1)).toBeCloseTo(0, 1.5);
    expect(moment(2)).toBeCloseTo(1, 1.5);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(moment(4)).toBeCloseTo(3, 0.5);
    expect(share(1)).toBeCloseTo(0.3173, 2);
    expect(share(2)).toBeCloseTo(0.0455, 2);
    expect(share(3)).toBeCloseTo(0.0027, 2.5);
  });

  test('bernoulli: p = 0 never, p = 1 always, p = 0.3 in three of ten', () => {
    const generator = new Generator(5);
    expect(generator.fillBernoulli(new Float32Array(1000), 0).every((value) => value === 0)).toBe(true);
    expect(generator.fillBernoulli(new Float32Array(1000), 1, 2.5).every((value) => value === 2.5)).toBe(true);
    expect(moments(generator.fillBernoulli(new Float32Array(count), 0.3)).mean).toBeCloseTo(0.3, 2);
  });

  test.each([1, 2, 3, 7, 10, 1000])('integer(%d) is even over its values (χ²)', (n) => {
    const generator = new Generator(6);
    const draws = 200 * n;
    const counts = new Float64Array(n);
    for (let i = 0; i < draws; i++) counts[generator.integer(n)]! += 1;
    const chiSquared = counts.reduce((sum, seen) => sum + (seen - 200) ** 2 / 200, 0);
    expect(chiSquared).toBeLessThanOrEqual(n - 1 + 5 * Math.sqrt(2 * (n - 1)));
  });

  test.prop([seeds, fc.integer({ min: 1, max: 2 ** 32 })])('integer(n) lies in [0, n)', (seed, n) => {
    const value = new Generator(seed).integer(n);
    expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
  });

  test.prop([seeds, fc.nat(500)])('permutation(n) holds each index once', (seed, n) => {
    expect(new Generator(seed).permutation(n).toSorted()).toEqual(Int32Array.from({ length: n }, (_, index) => index));
  });

  test('permutation(4) takes all 24 orders about equally often', () => {
    const generator = new Generator(7);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = generator.permutation(4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const seen of counts.values()) expect(Math.abs(seen - 1000)).toBeLessThan(160);
  });
});

describe('filling', () => {
  test.prop([seeds, fc.nat(40)])('gives the values of single draws', (seed, length) => {
    const single = new Generator(seed);
    const filling = new Generator(seed);
    const expected = (draw: () => number): Float64Array => Float64Array.from({ length }, draw);
    expect(filling.fillUniform(new Float64Array(length), -2, 3)).toEqual(expected(() => -2 + 5 * single.uniform()));
    expect(filling.fillNormal(new Float64Array(length), 1, 2)).toEqual(expected(() => single.normal(1, 2)));
    expect(filling.fillBernoulli(new Float64Array(length), 0.4)).toEqual(expected(() => Number(single.bernoulli(0.4))));
    expect(filling.state).toEqual(single.state);
  });

  test.prop([seeds])('float32 holds the float64 values, rounded', (seed) => {
    const narrow = new Generator(seed).fillNormal(new Float32Array(50));
    expect(narrow).toEqual(Float32Array.from(new Generator(seed).fillNormal(new Float64Array(50))));
  });

  test('float32 uniform values stay below the upper bound where rounding would reach it', () => {
    const values = new Generator(8).fillUniform(new Float32Array(10_000), 1e8, 1e8 + 16);
    expect(values.every((value) => value >= 1e8 && value < 1e8 + 16)).toBe(true);
  });
});

describe('state', () => {
  test.prop([seeds, fc.nat(30)])('continues the stream through JSON, spare normal included', (seed, used) => {
    const generator = new Generator(seed);
    for (let i = 0; i < used; i++) generator.normal();
    const restored = new Generator('another');
    restored.state = JSON.parse(JSON.stringify(generator.state));
    expect(restored.fillNormal(new Float64Array(9))).toEqual(generator.fillNormal(new Float64Array(9)));
    expect(words(restored.fork('child'), 3)).toEqual(words(generator.fork('child'), 3));
  });

  test.each<[string, Partial<Record<keyof GeneratorState, unknown>>]>([
    ['another algorithm', { algorithm: 'mt19937' }],
    ['a seed that is no hexadecimal', { seed: 'seed' }],
    ['too few words', { words: [1, 2, 3] }],
    ['the words 0, which xoshiro never leaves', { words: [0, 0, 0, 0] }],
    ['a word beyond 32 bits', { words: [1, 2, 3, 2 ** 32] }],
    ['a spare that is no number', { spareNormal: '1' }],
  ])('%s is refused', (_, change) => {
    const generator = new Generator(1);
    const state = JSON.parse(JSON.stringify({ ...generator.state, ...change }));
    expect(() => {
      generator.state = state;
    }).toThrow(ArgumentError);
    expect(generator.state).toEqual(new Generator(1).state);
  });
});

test.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('integer(%d) is refused', (n) => {
  expect(() => new Generator().integer(n)).toThrow(/integer: n is/);
});

test.each([-0.1, 1.1, Number.NaN])('bernoulli(%d) is refused', (p) => {
  expect(() => new Generator().bernoulli(p)).toThrow(/probability/);
});

test('manualSeed restarts the default generator', () => {
  manualSeed(9);
  expect(words(defaultGenerator, 3)).toEqual(words(new Generator(9), 3));
});

test.prop([fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true })])(
  'portableLog agrees with Math.log to a few units in the last place',
  (x) => {
    expect(Math.abs(portableLog(x) - Math.log(x))).toBeLessThanOrEqual(
      2 ** -52 * Math.max(1, 2 * Math.abs(Math.log(x))),
    );
  },
);
