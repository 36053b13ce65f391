import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataLoader } from '../../src/data/dataLoader.js';
import * as nn from '../../src/nn/index.js';
import { Adam, constant, cosine, SGD } from '../../src/optim/index.js';
import { Generator } from '../../src/tensor/generator.js';
import { memory } from '../../src/tensor/scope.js';
import { evaluate, fit, loadCheckpoint, type StepEvent, saveCheckpoint } from '../../src/train/index.js';
import { stripes } from '../support/resumableTraining.js';

const loader = (length = 96, seed = 1) => new DataLoader(stripes(length, seed), { batchSize: 16, shuffle: true, seed });
/** Keeps the processor busy; awaits nothing. */
const compute = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};
const small = () =>
  nn.models.smallCnn({ numClasses: 3, inChannels: 1, widths: [4, 8, 8], generator: new Generator(2) });

describe('fit', () => {
  test('learns a small problem to high accuracy', async () => {
    const model = small();
    const optimizer = new Adam(model.parameters(), { lr: 0.01 });
    const train = loader();
    const schedule = cosine({ lr: 0.02, steps: 8 * train.length, warmup: 4 });
    const history = await fit(model, { train, validation: loader(48, 9), optimizer, epochs: 8, schedule });
    expect(history.ended).toBe('complete');
    expect(history.steps).toBe(48);
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const [first, last] = [history.epochs[0]!, history.epochs.at(-1)!];
    expect(last.loss).toBeLessThan(first.loss / 2);
    expect(last.validation?.accuracy).toBeGreaterThan(0.9);
    expect(last.validation?.count).toBe(48);
    expect(last).toMatchObject({ samples: 96, steps: 48, lr: schedule(47) });
    expect(model.training).toBe(true);
    expect(model.parameters().every((parameter) => parameter.grad === undefined)).toBe(true);
  });

  test('repeats itself to the bit from the same seeds', async () => {
    const run = async () => {
      const model = small();
      const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
      const losses: number[] = [];
      await fit(model, {
        train: loader(),
        optimizer,
        epochs: 1,
        callbacks: { onStep: ({ loss }) => losses.push(loss) },
      });
      return losses;
    };
    expect(await run()).toEqual(await run());
  });

  test('tells callbacks what happened, and stops when one says so', async () => {
    const model = small();
    const optimizer = new SGD(model.parameters(), { lr: 1 });
    const events: StepEvent[] = [];
    const history = await fit(model, {
      ...{ train: loader(), optimizer, epochs: 5, schedule: constant(0.01), labelSmoothing: 0.1, clipNorm: 1 },
      callbacks: [
        { onStep: (event) => void events.push(event) },
        { onStep: async ({ step }) => (step === 6 ? 'stop' : '') },
      ],
    });
    expect(history).toMatchObject({ ended: 'stopped', steps: 7 });
    expect(history.epochs).toHaveLength(1);
    expect(events.map(({ epoch, batch }) => [epoch, batch]).slice(4)).toEqual([
      [0, 4],
      [0, 5],
      [1, 0],
    ]);
    expect(events[0]).toMatchObject({ step: 0, batches: 6, samples: 16, lr: 0.01 });
    expect(events[0]!.gradNorm).toBeGreaterThan(0);
    const atEpoch = await fit(model, { train: loader(), optimizer, epochs: 5, callbacks: { onEpoch: () => 'stop' } });
    expect(atEpoch).toMatchObject({ ended: 'stopped', steps: 6 });
  });

  test('stops after the step at hand when the signal says so', async () => {
    const model = small();
    const abort = new AbortController();
    const callbacks = { onStep: ({ step }: StepEvent) => step === 2 && abort.abort() };
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const history = await fit(model, { train: loader(), optimizer, epochs: 2, callbacks, signal: abort.signal });
    expect(history).toMatchObject({ ended: 'aborted', steps: 3, epochs: [] });
  });

  test('leaves the event loop its turns', async () => {
    const model = small();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const callbacks = { onStep: () => compute(20) };
    await fit(model, { train: loader(), optimizer: new SGD(model.parameters(), { lr: 0.1 }), epochs: 1, callbacks });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  test('needs no more memory after later steps than after the first', async () => {
    const model = small();
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    const seen: number[] = [];
    const callbacks = { onStep: () => void seen.push(memory().bytes) };
    await fit(model, { train: loader(), validation: loader(32), optimizer, epochs: 2, callbacks, clipNorm: 10 });
    // Less is possible: models of the tests above are collected at some time.
    expect(Math.max(...seen)).toBe(seen[0]);
  });

  test('refuses epochs that make no sense', async () => {
    const model = small();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    await expect(fit(model, { train: loader(), optimizer, epochs: 0 })).rejects.toThrow(
      'fit: epochs must be a whole number of at least 1, got 0',
    );
  });
});

describe('evaluate', () => {
  test('gives loss, accuracy and confusion, the same for any batch size', async () => {
    const model = small();
    const data = stripes(50, 3);
    const whole = await evaluate(model, new DataLoader(data, { batchSize: 50 }), { confusion: true });
    const pieces = await evaluate(model, new DataLoader(data, { batchSize: 8 }), { confusion: true });
    expect(pieces.loss).toBeCloseTo(whole.loss, 5);
    expect({ ...pieces, loss: 0 }).toEqual({ ...whole, loss: 0 });
    const { confusion = [] } = whole;
    expect(confusion.map((row) => row.reduce((total, value) => total + value, 0))).toEqual([17, 17, 16]);
    expect(confusion.reduce((total, row, i) => total + row[i]!, 0) / 50).toBe(whole.accuracy);
  });

  test('gives the predicted class of each sample, in order', async () => {
    const model = small();
    const data = stripes(50, 3);
    const { predictions = [], confusion = [] } = await evaluate(model, new DataLoader(data, { batchSize: 8 }), {
      ...{ predictions: true, confusion: true },
    });
    const counted = [0, 1, 2].map(() => [0, 0, 0]);
    for (const [i, predicted] of [...predictions].entries()) counted[data.labels[i]!]![predicted]! += 1;
    expect(predictions).toHaveLength(50);
    expect(counted).toEqual(confusion);
  });

  test('puts each module back into its mode, after an error too, and changes no statistics', async () => {
    const model = small().train();
    model.bn2.eval();
    const before = await model.bn1.runningMean.data();
    await evaluate(model, loader(16));
    expect([model.training, model.bn1.training, model.bn2.training]).toEqual([true, true, false]);
    expect(await model.bn1.runningMean.data()).toEqual(before);
    const loss = () => {
      throw new Error('no loss');
    };
    await expect(evaluate(model, loader(16), { loss })).rejects.toThrow('no loss');
    expect([model.training, model.bn1.training, model.bn2.training]).toEqual([true, true, false]);
  });

  test('leaves no tensors behind', async () => {
    const model = small();
    const before = memory();
    await evaluate(model, loader(64));
    expect(memory()).toEqual(before);
  });
});

describe('a checkpoint', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'softgrad-checkpoint-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('brings back weights and statistics, whatever the dtype', async () => {
    const path = join(folder, 'model.safetensors');
    const model = small();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    await fit(model, { train: loader(), optimizer, epochs: 1 });
    await saveCheckpoint(path, model, { note: 'after one epoch' });
    const expected = await evaluate(model, loader(32));
    const restored = nn.models.smallCnn({ numClasses: 3, inChannels: 1, widths: [4, 8, 8] });
    await loadCheckpoint(path, restored);
    expect(await evaluate(restored, loader(32))).toEqual(expected);
    const precise = await small().to({ backend: 'reference', dtype: 'float64' });
    await loadCheckpoint(path, precise);
    expect([...(await precise.linear.bias!.data())]).toEqual([...(await model.linear.bias!.data())]);
  });

  test('of another model is refused by name', async () => {
    const path = join(folder, 'linear.safetensors');
    await saveCheckpoint(path, new nn.Linear(2, 2));
    await expect(loadCheckpoint(path, new nn.Linear(3, 2))).rejects.toThrow('mis-shaped: weight [2,3], given [2,2]');
  });
});
