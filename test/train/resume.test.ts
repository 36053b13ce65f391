import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setBackend } from '../../src/index.js';
import { mul } from '../../src/ops/index.js';
import { fit, loadCheckpoint, NonFiniteError, type StepEvent } from '../../src/train/index.js';
import { makeModel, type Outcome, outcomeOf, type Plan, setUp, train } from '../support/resumableTraining.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'softgrad-resume-'));
  path = join(folder, 'run.safetensors');
});
afterEach(() => rm(folder, { recursive: true }));

/** The training, interrupted by its signal after each of `stops` steps, and resumed. */
async function interrupted(plan: Plan, stops: readonly number[], betweenRuns?: (i: number) => Promise<void>) {
  for (const [i, stop] of stops.entries()) {
    const { model, options } = setUp(plan);
    const abort = new AbortController();
    const onStep = ({ step }: StepEvent): void => void (step + 1 === stop && abort.abort());
    const checkpoint = { path, resume: true };
    const history = await fit(model, { ...options, checkpoint, callbacks: { onStep }, signal: abort.signal });
    expect(history).toMatchObject({ ended: 'aborted', steps: stop });
    await betweenRuns?.(i);
  }
  return train(plan, path);
}

describe('a training that is interrupted and resumed equals the uninterrupted one to the bit', () => {
  const wholes = new Map<string, Outcome>();
  const whole = async (plan: Plan): Promise<Outcome> => {
    const key = JSON.stringify(plan);
    const found = wholes.get(key) ?? (await train(plan));
    wholes.set(key, found);
    return found;
  };

  test.each([
    ['sgd', [1]],
    ['sgd', [4]],
    ['sgd', [5]],
    ['sgd', [6]],
    ['sgd', [9]],
    ['sgd', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['adam', [3, 7]],
  ] as const)('%s, after steps %j of 10', async (optimizer, stops) => {
    expect(await interrupted({ optimizer }, stops)).toEqual(await whole({ optimizer }));
  });

  test('under another number of threads each time', async () => {
    const expected = await whole({ optimizer: 'sgd' });
    try {
      const found = await interrupted({ optimizer: 'sgd' }, [2, 6], (i) => setBackend('wasm', { threads: i + 2 }));
      expect(found).toEqual(expected);
    } finally {
      await setBackend('wasm', {});
    }
  });

  test('interrupted in the validation, which then is done again', async () => {
    const { model, options } = setUp();
    const abort = new AbortController();
    const validation = options.validation!;
    const batches = validation[Symbol.iterator].bind(validation);
    validation[Symbol.iterator] = () => {
      abort.abort();
      return batches();
    };
    const history = await fit(model, { ...options, checkpoint: { path }, signal: abort.signal });
    expect(history).toMatchObject({ ended: 'aborted', steps: 5, epochs: [] });
    expect(await train({}, path)).toEqual(await whole({}));
  });

  test('stopped by a callback, at a step and at an epoch', async () => {
    for (const callbacks of [{ onStep: () => 'stop' }, { onEpoch: () => 'stop' }]) {
      const { model, options } = setUp();
      const history = await fit(model, { ...options, checkpoint: { path, resume: true }, callbacks });
      expect(history.ended).toBe('stopped');
    }
    expect(await train({}, path)).toEqual(await whole({}));
  });
});

describe('a checkpoint while training', () => {
  test('tells callbacks where it goes on', async () => {
    await interrupted({}, [7]);
    const { model, options } = setUp({ epochs: 3 });
    const seen: unknown[] = [];
    const callbacks = {
      onResume: ({ epochs, ...event }: { epochs: readonly unknown[] }) =>
        void seen.push({ ...event, epochs: epochs.length }),
      onStep: ({ step }: StepEvent) => {
        seen.push(step);
        return 'stop';
      },
    };
    await fit(model, { ...options, checkpoint: { path, resume: true }, callbacks });
    expect(seen).toEqual([{ steps: 10, epoch: 2, batch: 0, epochs: 2 }, 10]);
  });

  test('of a complete training trains no more', async () => {
    const expected = await train({}, path);
    const onStep = (): never => {
      throw new Error('a step');
    };
    const { model, options } = setUp();
    const history = await fit(model, { ...options, checkpoint: { path, resume: true }, callbacks: { onStep } });
    expect(await outcomeOf(model, history)).toEqual(expected);
  });

  test('is not replaced without resume', async () => {
    await train({}, path);
    const { model, options } = setUp();
    await expect(fit(model, { ...options, checkpoint: { path } })).rejects.toThrow(
      `fit: there is a checkpoint at ${path}; go on from it with resume: true, remove it, or choose another path`,
    );
  });

  test('keeps the one before, and asks what to do where only that is left', async () => {
    await train({}, path);
    expect(await readdir(folder)).toEqual(['run.safetensors', 'run.safetensors.previous']);
    await rm(path);
    await expect(train({}, path)).rejects.toThrow(/no checkpoint at .*rename it to go on from there, or move it away/);
  });

  test('removes what a killed process left', async () => {
    await train({}, path);
    await writeFile(`${path}.0000.tmp`, 'half');
    await writeFile(join(folder, 'other.0000.tmp'), 'not ours');
    await train({}, path);
    expect(await readdir(folder)).toEqual(['other.0000.tmp', 'run.safetensors', 'run.safetensors.previous']);
  });

  test('holds weights that loadCheckpoint reads', async () => {
    const expected = await train({}, path);
    const model = makeModel();
    await loadCheckpoint(path, model);
    expect((await outcomeOf(model, expected.history)).weights).toEqual(expected.weights);
  });

  test('is named where a loss is not finite', async () => {
    const { model, options } = setUp();
    const spoil = ({ step }: StepEvent): void => {
      const [first] = model.parameters();
      if (step === 6) first?.assign(mul(first.detach(), Number.NaN));
    };
    const run = fit(model, { ...options, checkpoint: { path, everySteps: 3 }, callbacks: { onStep: spoil } });
    await expect(run).rejects.toThrow(NonFiniteError);
    await expect(run).rejects.toThrow(`at step 7 (epoch 1)`);
    await expect(run).rejects.toThrow(`the last good checkpoint is ${path}, after 5 steps`);
  });

  test('is never made of weights that are not finite', async () => {
    const { model, options } = setUp();
    const spoil = ({ step }: StepEvent): void => {
      const [, second] = model.parameters();
      if (step === 7) second?.assign(mul(second.detach(), Number.POSITIVE_INFINITY));
    };
    const run = fit(model, { ...options, checkpoint: { path, everySteps: 3 }, callbacks: { onStep: spoil } });
    await expect(run).rejects.toThrow(
      "the update is Infinity at step 7 (epoch 1); the first value that isn't finite is in the parameter 0.bn1.weight;",
    );
    await expect(run).rejects.toThrow(`the last good checkpoint is ${path}, after 5 steps`);
    expect(await train({}, path)).toEqual(await train({}));
  });

  test('that cannot be written ends the training with the reason', async () => {
    const { model, options } = setUp();
    const nowhere = join(folder, 'no', 'run.safetensors');
    await expect(fit(model, { ...options, checkpoint: { path: nowhere } })).rejects.toThrow(
      /^saveTraining: could not write .*run\.safetensors \(ENOENT.*unchanged$/,
    );
  });

  test.each([{ everySteps: 0 }, { everySteps: 1.5 }, { everySeconds: -1 }, { everySeconds: Number.NaN }])(
    'refuses %j',
    async (wrong) => {
      const { model, options } = setUp();
      await expect(fit(model, { ...options, checkpoint: { path, ...wrong } })).rejects.toThrow('fit: checkpoint needs');
    },
  );
});
