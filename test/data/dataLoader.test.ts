import { fc, test } from '@fast-check/vitest';
import { beforeEach, describe, expect } from 'vitest';
import {
  type Batch,
  cutout,
  DataLoader,
  type Dataset,
  randomCrop,
  randomHorizontalFlip,
} from '../../src/data/index.js';
import { ArgumentError } from '../../src/errors.js';
import { Generator, manualSeed, setBackend } from '../../src/index.js';

beforeEach(async () => {
  await setBackend('reference');
});

/** Bytes `index` in every pixel of sample `index`, except that channel 1 holds 255 − index. */
function numbered(length: number): Dataset {
  const images = Uint8Array.from({ length: length * 8 }, (_, at) => {
    const index = Math.floor(at / 8);
    return at % 8 < 4 ? index : 255 - index;
  });
  const labels = Int32Array.from({ length }, (_, index) => index % 3);
  return { name: 'numbered', images, labels, shape: [2, 2, 2], classes: ['a', 'b', 'c'], length };
}

async function values(batches: Iterable<Batch>): Promise<{ x: number[]; labels: number[]; indices: number[] }[]> {
  return Promise.all(
    Array.from(batches, async ({ x, labels, indices }) => ({
      x: Array.from(await x.data()),
      labels: [...labels],
      indices: [...indices],
    })),
  );
}

const augment = [randomCrop(1), randomHorizontalFlip(), cutout(1)];

describe('a batch', () => {
  test('holds the samples, scaled to [0, 1], in order when not shuffled; the last one may be smaller', async () => {
    const loader = new DataLoader(numbered(5), { batchSize: 2 });
    const batches = [...loader];
    expect(loader.length).toBe(3);
    expect(batches.map(({ x }) => x.shape)).toEqual([
      [2, 2, 2, 2],
      [2, 2, 2, 2],
      [1, 2, 2, 2],
    ]);
    expect(batches.map(({ x }) => x.dtype)).toEqual(['float32', 'float32', 'float32']);
    expect(batches.map(({ indices }) => [...indices])).toEqual([[0, 1], [2, 3], [4]]);
    expect(batches.map(({ labels }) => [...labels])).toEqual([[0, 1], [2, 0], [1]]);
    expect(await batches[2]!.x.data()).toEqual(Float32Array.from([4, 4, 4, 4, 251, 251, 251, 251], (v) => v / 255));
  });

  test("is (x − mean) / std per channel, by the data set's own figures unless told otherwise", async () => {
    const normalization = { mean: [0.5, 1], std: [0.5, 2] };
    const dataset = { ...numbered(1), normalization };
    const first = async (normalize?: boolean | typeof normalization): Promise<number[]> => {
      const options = normalize === undefined ? {} : { normalize };
      const [batch] = await values(new DataLoader(dataset, { batchSize: 1, ...options }));
      return [batch!.x[0]!, batch!.x[4]!];
    };
    expect(await first()).toEqual([-1, 0]);
    expect(await first(true)).toEqual([-1, 0]);
    expect(await first(false)).toEqual([0, 1]);
    expect(await first({ mean: [0, 0], std: [1, 4] })).toEqual([0, 0.25]);
  });

  test('takes float samples as they are, of any rank', async () => {
    const wave: Dataset = {
      name: 'wave',
      images: Float32Array.of(1, -2, 3, 400),
      labels: Int32Array.of(0, 0),
      shape: [1, 2],
      classes: ['only'],
      length: 2,
    };
    const [batch] = [...new DataLoader(wave, { batchSize: 2 })];
    expect(batch!.x.shape).toEqual([2, 1, 2]);
    expect(await batch!.x.data()).toEqual(wave.images);
  });
});

describe('an epoch', () => {
  test.prop([fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 8 }), fc.integer()])(
    'shuffled, holds each sample once',
    (length, batchSize, seed) => {
      const loader = new DataLoader(numbered(length), { batchSize, shuffle: true, seed });
      const indices = [...loader].flatMap((batch) => [...batch.indices]);
      expect(indices.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
    },
  );

  test('differs from the epoch before, in order and augmentation', async () => {
    const loader = new DataLoader(numbered(40), { batchSize: 40, shuffle: true, seed: 1, augment });
    const [first] = await values(loader);
    const [second] = await values(loader);
    expect(second!.indices).not.toEqual(first!.indices);
    const still = new DataLoader(numbered(40), { batchSize: 40, seed: 1, augment });
    const [a] = await values(still);
    const [b] = await values(still);
    expect(b!.indices).toEqual(a!.indices);
    expect(b!.x).not.toEqual(a!.x);
  });

  test.prop([fc.integer(), fc.nat(3), fc.nat(5)], { numRuns: 30 })(
    'depends on seed and epoch only, and resumes at any batch',
    async (seed, epoch, from) => {
      const make = (): DataLoader => new DataLoader(numbered(17), { batchSize: 3, shuffle: true, seed, augment });
      const looped = make();
      for (let done = 0; done < epoch; done++) Array.from(looped);
      const whole = await values(looped);
      expect(looped.epoch).toBe(epoch + 1);
      expect(await values(make().batches(epoch, { from }))).toEqual(whole.slice(from));
    },
  );

  test('is the same whether the seed comes by itself, in a used generator, or by manualSeed', async () => {
    const make = (options: { generator?: Generator }): DataLoader =>
      new DataLoader(numbered(9), { batchSize: 9, shuffle: true, ...options });
    const used = new Generator(5);
    used.normal();
    const [fromGenerator] = await values(make({ generator: used }));
    manualSeed(5);
    const [fromDefault] = await values(make({}));
    expect(fromDefault).toEqual(fromGenerator);
    manualSeed(6);
    expect(await values(make({}))).not.toEqual([fromGenerator]);
  });

  test('without its last, incomplete batch if dropLast', () => {
    const loader = new DataLoader(numbered(7), { batchSize: 3, dropLast: true });
    expect(loader.length).toBe(2);
    expect([...loader].map(({ labels }) => labels.length)).toEqual([3, 3]);
  });

  test('over the first samples only if limited', () => {
    const loader = new DataLoader(numbered(20), { batchSize: 4, shuffle: true, seed: 1, limit: 6 });
    const indices = [...loader].flatMap((batch) => [...batch.indices]);
    expect(indices.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

test.each<[string, ConstructorParameters<typeof DataLoader>[1], RegExp]>([
  ['batchSize 0', { batchSize: 0 }, /batchSize is 0, but must be a positive integer/],
  ['a limit beyond the data', { batchSize: 1, limit: 5 }, /take: count is 5, but numbered has 4 samples/],
  ['a limit of 0', { batchSize: 1, limit: 0 }, /0 samples, too few for one batch of 1/],
  ['dropLast with too few samples', { batchSize: 5, dropLast: true }, /4 samples, too few for one batch of 5/],
  ['statistics of other channels', { batchSize: 1, normalize: { mean: [0], std: [1] } }, /for 2 channels/],
  ['a deviation of 0', { batchSize: 1, normalize: { mean: [0, 0], std: [1, 0] } }, /std \[1,0\] must be positive/],
  ['normalize: true without figures', { batchSize: 1, normalize: true }, /numbered has no normalization/],
  ['seed and generator', { batchSize: 1, seed: 1, generator: new Generator(1) }, /seed or generator, not both/],
])('%s is refused', (_, options, message) => {
  expect(() => new DataLoader(numbered(4), options)).toThrow(ArgumentError);
  expect(() => new DataLoader(numbered(4), options)).toThrow(message);
});

test('an epoch or batch that does not exist is refused at once, not on iteration', () => {
  const loader = new DataLoader(numbered(4), { batchSize: 2 });
  expect(() => loader.batches(-1)).toThrow(ArgumentError);
  expect(() => loader.batches(0, { from: 3 })).toThrow('DataLoader: batch 3 of an epoch of 2 batches');
  expect([...loader.batches(0, { from: 2 })]).toEqual([]);
});
