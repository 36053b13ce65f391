/**
 * @file One run in its folder: trained from the beginning, continued from its checkpoint, or found finished.
 */
import * as nn from 'softgrad/nn';
import { type Evaluation, evaluate, fit, saveCheckpoint } from 'softgrad/train';
import { buildRun, type Run } from './buildRun.js';
import type { StudyData } from './datasets.js';
import { multiplyAdds } from './multiplyAdds.js';
import type { RunFolder } from './runFolder.js';
import { originHere } from './runOrigin.js';
import { type RunHooks, RunRecorder, recordOf } from './runRecorder.js';
import { encodePredictions, type RunResult, type TestRecord } from './runResult.js';
import type { RunSettings } from './settings.js';
import { weightsMetadata } from './weightsMetadata.js';

/**
 * Trains and tests one network. The same settings give the same bits, however often the process was ended in between. `undefined`
 * if the signal ended it early; its checkpoint then is where it goes on.
 *
 * @throws UsageError if the folder holds another run, or one on other data
 * @throws CheckpointError if the checkpoint there is damaged
 * @throws NonFiniteError that names step and layer if the training loss isn't finite, Error that names the epoch if the test
 *   loss isn't
 */
export async function trainRun(
  settings: RunSettings,
  data: StudyData,
  folder: RunFolder,
  hooks: RunHooks = {},
): Promise<RunResult | undefined> {
  await folder.claim(settings, originHere(data));
  const finished = await folder.result();
  if (finished) {
    await folder.removeCheckpoint();
    return finished;
  }
  const run = buildRun(settings, data);
  try {
    const { epochs, labelSmoothing } = settings;
    const history = await fit(run.model, {
      ...{ train: run.train, validation: run.test, optimizer: run.optimizer, schedule: run.schedule },
      ...{ epochs, labelSmoothing, signal: hooks.signal, callbacks: new RunRecorder(folder, hooks) },
      checkpoint: {
        ...{ path: folder.checkpoint, resume: true, metadata: weightsMetadata(settings, data.train) },
        onSave: hooks.onSave,
      },
    });
    if (history.ended !== 'complete') return undefined;
    const result = {
      ...{ pool: settings.pool, seed: settings.seed, epochs: history.epochs.map(recordOf) },
      test: await testOf(run),
      parameters: nn.countParameters(run.model),
      multiplyAdds: multiplyAdds(run.model, data.train.shape),
    };
    await saveCheckpoint(folder.weights, run.model, weightsMetadata(settings, data.train));
    await folder.finish(result);
    return result;
  } finally {
    run.model.dispose();
    run.optimizer.dispose();
  }
}

async function testOf({ model, test }: Run): Promise<TestRecord> {
  return testRecordOf(await evaluate(model, test, { confusion: true, predictions: true }));
}

/** An evaluation as a result keeps it. */
export function testRecordOf({ loss, accuracy, confusion = [], predictions }: Evaluation): TestRecord {
  const classAccuracy = confusion.map((row, label) => {
    const images = row.reduce((total, count) => total + count, 0);
    return images === 0 ? null : (row[label] ?? 0) / images;
  });
  return {
    ...{ loss, accuracy, classAccuracy, confusion: confusion.map((row) => [...row]) },
    predictions: encodePredictions(predictions ?? new Int32Array()),
  };
}
