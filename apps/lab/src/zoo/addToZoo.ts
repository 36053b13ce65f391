/**
 * @file Takes a finished run into the zoo. Everything on its card is read from the run's files or counted, and tested anew, so no
 * card can disagree with its weights.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { DataLoader, type Dataset } from 'softgrad/data';
import { writeFileAtomically } from 'softgrad/io';
import { evaluate, loadCheckpoint } from 'softgrad/train';
import { arithmetic } from '../study/arithmetic.js';
import { buildModel } from '../study/buildRun.js';
import { datasetChecksum } from '../study/dataChecksum.js';
import type { StudyData } from '../study/datasets.js';
import { writeJson } from '../study/jsonFile.js';
import { RunFolder, type RunIdentity } from '../study/runFolder.js';
import { decodePredictions, type RunResult } from '../study/runResult.js';
import { UsageError } from '../usageError.js';
import { version } from '../version.js';
import { type ModelCard, modelName } from './modelCard.js';
import { MOST_WEIGHTS_BYTES, ZOO_FOLDER, zooFiles } from './zoo.js';

/** A run that is finished, as its files say. */
export interface FinishedRun {
  readonly folder: RunFolder;
  readonly identity: RunIdentity;
  readonly result: RunResult;
}

/** @throws UsageError if there is no run in the folder, or it isn't finished */
export async function finishedRun(place: string): Promise<FinishedRun> {
  const folder = new RunFolder(place);
  const [identity, result] = [await folder.identity(), await folder.result()];
  if (!identity) throw new UsageError(`${place} holds no run; name a folder that softgrad train wrote to`);
  if (!result) throw new UsageError(`the run in ${place} isn't finished; go on with it by softgrad train --resume`);
  return { folder, identity, result };
}

/**
 * Writes weights and card.
 *
 * @param data what the run was trained and tested on
 * @param zoo where models lie
 * @throws UsageError if the weights are too large, another arithmetic is active than the run was made with, or the weights don't
 *   take every test image for what the run says
 */
export async function addToZoo(
  { folder, identity, result }: FinishedRun,
  data: StudyData,
  zoo = ZOO_FOLDER,
): Promise<ModelCard> {
  const weights = await readFile(folder.weights);
  if (weights.length >= MOST_WEIGHTS_BYTES) {
    throw new UsageError(`${folder.weights} has ${weights.length} bytes; weights in the zoo have less than 1.5 MB`);
  }
  await checkWeights({ folder, identity, result }, data.test);
  const { settings } = identity;
  const name = modelName(settings);
  const files = zooFiles(zoo, name);
  const card: ModelCard = {
    ...{ format: 'softgrad-model', version: 1, name, softgrad: version, settings, arithmetic: identity.arithmetic },
    data: {
      ...{ name: data.test.name, trainImages: data.train.length, testImages: data.test.length },
      testChecksum: datasetChecksum(data.test),
    },
    result,
    weights: { bytes: weights.length, sha256: createHash('sha256').update(weights).digest('hex') },
  };
  await mkdir(zoo, { recursive: true });
  await writeFileAtomically('zoo', files.weights, weights);
  await writeJson(files.card, card);
  return card;
}

async function checkWeights({ folder, identity, result }: FinishedRun, test: Dataset): Promise<void> {
  if (arithmetic() !== identity.arithmetic) {
    throw new UsageError(
      `the run in ${folder.folder} was made with ${identity.arithmetic}, and ${arithmetic()} would round otherwise`,
    );
  }
  const { settings } = identity;
  const model = buildModel(settings, settings.pool, { train: test });
  try {
    await loadCheckpoint(folder.weights, model);
    const loader = new DataLoader(test, { batchSize: settings.batchSize });
    const { predictions = new Int32Array() } = await evaluate(model, loader, { predictions: true });
    const wanted = decodePredictions(result.test.predictions);
    const others = wanted.filter((label, i) => predictions[i] !== label).length;
    if (others > 0 || wanted.length !== test.length) {
      throw new UsageError(
        `${folder.weights} takes ${others} of ${test.length} test images for something else than the run's result says; ` +
          'the weights or the test images are others',
      );
    }
  } finally {
    model.dispose();
  }
}
