import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DataLoader } from '../../src/data/dataLoader.js';
import { loadSafetensors, parseSafetensors, saveSafetensors } from '../../src/io/index.js';
import * as nn from '../../src/nn/index.js';
import { Adam, SGD } from '../../src/optim/index.js';
import { Generator } from '../../src/tensor/generator.js';
import { defaultGenerator } from '../../src/tensor/random.js';
import { memory } from '../../src/tensor/scope.js';
import { CheckpointError, fit, loadCheckpoint, loadTraining, saveTraining } from '../../src/train/index.js';
import { makeModel, outcomeOf, type Setup, setUp, stripes, train } from '../support/resumableTraining.js';

const history = { epochs: [], steps: 0, ended: 'complete' } as const;

let folder = '';
let path = '';
/** A good checkpoint, of a training that is complete. */
let good: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'softgrad-checkpoint-'));
  path = join(folder, 'run.safetensors');
  await train({ epochs: 1 }, path);
  good = await readFile(path);
});
beforeEach(async () => {
  await rm(folder, { recursive: true });
  await mkdir(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** What a failed load says; nothing of the training may have changed by it. */
async function refusal(setup: Setup = setUp({ epochs: 1 })): Promise<CheckpointError> {
  const { model, optimizer, options } = setup;
  const before = await outcomeOf(model, history);
  const [states, live] = [[defaultGenerator.state, optimizer.stateDict().steps], memory().tensors];
  const error: unknown = await loadTraining(path, { model, optimizer, train: options.train }).catch((e: unknown) => e);
  expect(await outcomeOf(model, history)).toEqual(before);
  expect([defaultGenerator.state, optimizer.stateDict().steps]).toEqual(states);
  expect(memory().tensors).toBe(live);
  if (!(error instanceof CheckpointError)) throw new Error(`expected a CheckpointError, got ${error}`);
  expect(error.message).toContain(path);
  return error;
}

describe('a file that is not a good checkpoint is refused, and says what to do', () => {
  property.prop([fc.nat()], { numRuns: 40 })('cut short anywhere', async (place) => {
    await writeFile(path, good.subarray(0, place % good.length));
    expect((await refusal()).message).toMatch(/damaged, cut short or no checkpoint \(.*\); move it away$/s);
  });

  property.prop([fc.nat(), fc.integer({ min: 0, max: 7 })], { numRuns: 60 })('one bit flipped', async (place, bit) => {
    const bytes = Uint8Array.from(good);
    bytes[place % bytes.length]! ^= 1 << bit;
    await writeFile(path, bytes);
    await refusal();
    await expect(loadCheckpoint(path, makeModel())).rejects.toThrow(path);
  });

  property.prop([fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat()], { numRuns: 40 })(
    'some bytes overwritten',
    async (junk, place) => {
      const bytes = Uint8Array.from(good);
      const at = place % (bytes.length - junk.length);
      fc.pre(junk.some((value, i) => value !== bytes[at + i]));
      bytes.set(junk, at);
      await writeFile(path, bytes);
      await refusal();
    },
  );

  test('missing', async () => {
    expect((await refusal()).message).toMatch(/it can't be read \(ENOENT.*\); check the path$/);
  });

  test('weights alone', async () => {
    await saveSafetensors(path, { weight: { shape: [1], data: new Float32Array(1) } });
    expect((await refusal()).message).toContain('it holds tensors, but no state of a training; loadCheckpoint reads');
  });

  test('of another format, and of a newer version', async () => {
    const save = (metadata: Record<string, string>) =>
      saveSafetensors(path, { weight: { shape: [1], data: new Float32Array(1) } }, metadata);
    await save({ format: 'pt' });
    expect((await refusal()).message).toContain("it is of the format 'pt'; loadCheckpoint reads weights alone");
    await save({ format: 'softgrad-checkpoint', version: '2' });
    expect((await refusal()).message).toContain(
      'it is a checkpoint of version 2; this softgrad reads version 1; use the one that wrote it',
    );
  });

  test('names the good one before it', async () => {
    await writeFile(path, good.subarray(0, 1000));
    await writeFile(`${path}.previous`, good);
    expect((await refusal()).message).toMatch(
      /the checkpoint before it, .*\.previous \(step 5\) is good; put it in the other's place to go on from there$/,
    );
    expect(await readdir(folder)).toEqual(['run.safetensors', 'run.safetensors.previous']);
  });
});

describe('a checkpoint of another training is refused by what differs', () => {
  const other = (changes: Partial<Setup>, options: Partial<Setup['options']> = {}): Setup => {
    const setup = setUp({ epochs: 1 });
    return { ...setup, ...changes, options: { ...setup.options, ...options } };
  };
  beforeEach(() => writeFile(path, good));

  test('another optimiser', async () => {
    const { model } = setUp();
    const optimizer = new Adam(model.parameters());
    expect((await refusal(other({ model, optimizer }))).message).toContain("Adam can't take the state of SGD");
  });

  test('another model', async () => {
    const model = new nn.Sequential(new nn.Linear(4, 2));
    const optimizer = new SGD(model.parameters(), { lr: 1 });
    expect((await refusal(other({ model, optimizer }))).message).toContain('it is of another training (');
  });

  test('the same parameters under other names: optimiser and generator are put back, too', async () => {
    const { options } = setUp();
    const training = (model: nn.Module) => {
      const optimizer = new SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
      return { model, optimizer, train: options.train };
    };
    const progress = { steps: 0, batch: 0, metrics: { count: 0, loss: 0, correct: 0 }, seconds: 0, epochs: [] };
    await saveTraining(path, training(new nn.Linear(4, 2)), progress);
    const { model, optimizer } = training(new nn.Sequential(new nn.Linear(4, 2)));
    optimizer.lr = 0.25;
    defaultGenerator.uniform();
    expect((await refusal({ model, optimizer, options })).message).toContain('missing: 0.weight, 0.bias');
    expect(optimizer.lr).toBe(0.25);
  });

  test.each([
    ['batch size', { batchSize: 10, shuffle: true, seed: 1 }, 'batchSize 12 there, 10 here; batches 5 there, 6 here'],
    ['order', { batchSize: 12, seed: 1 }, 'shuffle true there, false here'],
    ['seed', { batchSize: 12, shuffle: true, seed: 2 }, 'seed 0000000000000001 there, 0000000000000002 here'],
  ])('another %s of batches', async (_, loader, difference) => {
    const options = { train: new DataLoader(stripes(60, 1), loader) };
    expect((await refusal(other({}, options))).message).toContain(`it was trained on other batches (${difference})`);
  });
});

describe('saveTraining', () => {
  const position = { steps: 3, batch: 3, metrics: { count: 36, loss: 4.5, correct: 9 }, seconds: 1, epochs: [] };
  const trainingOf = ({ model, optimizer, options }: Setup) => ({ model, optimizer, train: options.train });

  test('the same state gives the same bytes, and is read as it was', async () => {
    const training = trainingOf(setUp());
    await saveTraining(path, training, position, { note: 'ä"\\' });
    const bytes = await readFile(path);
    await saveTraining(path, training, position, { note: 'ä"\\' });
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(parseSafetensors(bytes).metadata.note).toBe('ä"\\');
    expect(await loadTraining(path, training)).toEqual(position);
  });

  test('a validation loss that is not finite survives', async () => {
    const epoch = { epoch: 0, steps: 5, samples: 60, loss: 1, accuracy: 0.5, lr: 0.1, seconds: 2 };
    const losses = [Number.NaN, Number.POSITIVE_INFINITY];
    const epochs = losses.map((loss) => ({ ...epoch, validation: { loss, accuracy: 0.5, count: 30 } }));
    await saveTraining(path, trainingOf(setUp()), { ...position, epochs });
    expect(await loadTraining(path, trainingOf(setUp()))).toEqual({ ...position, epochs });
  });

  test('in float64 on the reference backend, exactly', async () => {
    const { model, options } = setUp();
    await model.to({ backend: 'reference', dtype: 'float64' });
    const weight = model.parameters()[0]!;
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const values = Float64Array.from({ length: weight.size }, () => 1 / 3);
    const { weight: exact } = await loadSafetensors(await exactWeights(weight.shape, values), { backend: 'reference' });
    weight.assign(exact!);
    await saveTraining(path, { model, optimizer, train: options.train }, position);
    await loadTraining(path, { model, optimizer, train: options.train });
    expect(await weight.data()).toEqual(values);
  });

  test('refuses reserved metadata', async () => {
    await expect(saveTraining(path, trainingOf(setUp()), position, { sha256: '' })).rejects.toThrow(
      "the metadata key 'sha256' is reserved",
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test('leaves no tensors behind', async () => {
    const { model, options } = setUp({ epochs: 1 });
    await fit(model, { ...options });
    const training = { model, optimizer: options.optimizer, train: options.train };
    await saveTraining(path, training, position);
    const before = memory().tensors;
    await saveTraining(path, training, position);
    await loadTraining(path, training);
    expect(memory().tensors).toBe(before);
  });

  test('a generator of the model that the checkpoint does not know is named', async () => {
    await saveTraining(path, trainingOf(setUp()), position);
    const setup = setUp();
    const [, dropout] = setup.model.children();
    Reflect.set(dropout!, 'generator', new Generator(1));
    await expect(loadTraining(path, trainingOf(setup))).rejects.toThrow('it knows no generator 1/generator');
  });
});

async function exactWeights(shape: readonly number[], data: Float64Array): Promise<string> {
  const file = join(folder, 'exact.safetensors');
  await saveSafetensors(file, { weight: { shape, data } });
  return file;
}
