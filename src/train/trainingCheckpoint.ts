/**
 * @file Complete checkpoints: everything that the rest of a training depends on, so that it goes on to the same bits.
 *
 * Weights, running statistics, the optimiser's state and options, how far it is (and so the schedule's place), which samples
 * come next, random generators, and the history.
 */
import type { BatchOrder, DataLoader } from '../data/dataLoader.js';
import type { SafetensorsInput } from '../io/serializeSafetensors.js';
import { writeFileAtomically } from '../io/writeFileAtomically.js';
import type { Module } from '../nn/module.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { OptimizerState } from '../optim/optimizerState.js';
import type { GeneratorState } from '../tensor/generator.js';
import type { Tensor } from '../tensor/tensor.js';
import { CheckpointError } from './checkpointError.js';
import { type CheckpointContents, OPTIMIZER_PREFIX, readCheckpoint, serializeCheckpoint } from './checkpointFile.js';
import { JsonFields, stringifyNumbers } from './jsonFields.js';
import { namedGenerators } from './moduleGenerators.js';
import { restoreTraining } from './restoreTraining.js';
import { type ProgressState, readProgress } from './trainingProgress.js';

/** What a checkpoint is of. */
export interface Training {
  readonly model: Module;
  readonly optimizer: Optimizer;
  readonly train: DataLoader;
}

/** The part of a checkpoint that isn't tensors. */
export interface TrainingRecord {
  readonly progress: ProgressState;
  readonly data: BatchOrder;
  readonly optimizer: Omit<OptimizerState, 'tensors'>;
  readonly generators: Readonly<Record<string, GeneratorState>>;
}

/** Where the checkpoint before the one at `path` is kept. */
export function previousCheckpoint(path: string): string {
  return `${path}.previous`;
}

/**
 * Writes the whole state of `training` to `path`, and keeps the checkpoint that was there as `<path>.previous`. At every moment
 * there is a whole one at `path`, once there was one.
 *
 * @param metadata strings that are stored beside it
 * @throws Error if the file can't be written; what was there before is unchanged
 */
export async function saveTraining(
  path: string,
  { model, optimizer, train }: Training,
  progress: ProgressState,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { tensors: slots, ...optimizerState } = optimizer.stateDict();
  const weights = model.stateDict();
  const named = [...Object.entries(weights), ...Object.entries(slots).map(([name, x]) => [OPTIMIZER_PREFIX + name, x])];
  const generators = Object.fromEntries(Array.from(namedGenerators(model), ([name, { state }]) => [name, state]));
  const record: TrainingRecord = { progress, data: train.order, optimizer: optimizerState, generators };
  try {
    const inputs = await Promise.all((named as [string, Tensor][]).map(readTensor));
    const bytes = await serializeCheckpoint(new Map(inputs), stringifyNumbers(record), metadata);
    await writeFileAtomically('saveTraining', path, bytes, { previous: previousCheckpoint(path) });
  } finally {
    for (const tensor of [...Object.values(weights), ...Object.values(slots)]) tensor.dispose();
  }
}

async function readTensor([name, tensor]: [string, Tensor]): Promise<[string, SafetensorsInput]> {
  return [name, { shape: tensor.shape, data: await tensor.data() }];
}

/**
 * Brings `training` to the state in the file at `path`: model, optimiser and generators are changed in place, all of them or
 * none.
 *
 * @returns how far it is; `train.batches(progress.epochs.length, { from: progress.batch })` are the batches that come next
 * @throws CheckpointError that names the file and what to do if it is damaged, of something else, or of a newer version, or if
 *   it belongs to another model, optimiser or data loader
 */
export async function loadTraining(path: string, training: Training): Promise<ProgressState> {
  const contents = await readCheckpoint(path).catch(async (error: unknown) => {
    throw error instanceof CheckpointError ? await withAlternative(error) : error;
  });
  const record = readRecord(contents, path);
  restoreTraining(path, training, record, contents.tensors);
  return record.progress;
}

/** The error, and whether the checkpoint before is good. */
async function withAlternative(error: CheckpointError): Promise<CheckpointError> {
  const { file, problem, advice, cause } = error;
  const previous = previousCheckpoint(file);
  try {
    const { progress } = readRecord(await readCheckpoint(previous), previous);
    const place = `${previous} (step ${progress.steps}) is good; put it in the other's place to go on from there`;
    return new CheckpointError(file, problem, `the checkpoint before it, ${place}`, { cause });
  } catch {
    return new CheckpointError(file, problem, advice, { cause });
  }
}

function readRecord({ training }: CheckpointContents, file: string): TrainingRecord {
  try {
    const fields = new JsonFields(JSON.parse(training));
    const generators = fields.object('generators');
    return {
      progress: readProgress(fields.object('progress')),
      data: readOrder(fields.object('data')),
      optimizer: readOptimizer(fields.object('optimizer')),
      generators: Object.fromEntries(generators.names().map((name) => [name, readGenerator(generators.object(name))])),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(file, `its state of the training can't be read (${reason})`, 'move it away', { cause });
  }
}

function readOrder(fields: JsonFields): BatchOrder {
  return {
    ...{ dataset: fields.text('dataset'), samples: fields.count('samples'), batchSize: fields.count('batchSize') },
    ...{ batches: fields.count('batches'), shuffle: fields.boolean('shuffle'), seed: fields.text('seed') },
  };
}

function readOptimizer(fields: JsonFields): Omit<OptimizerState, 'tensors'> {
  return {
    ...{ optimizer: fields.text('optimizer'), lr: fields.number('lr'), steps: fields.counts('steps') },
    groups: fields.objects('groups').map((group) => {
      const options = group.object('options');
      const read = (name: string): number | boolean =>
        options.isBoolean(name) ? options.boolean(name) : options.number(name);
      return {
        size: group.count('size'),
        options: Object.fromEntries(options.names().map((name) => [name, read(name)])),
      };
    }),
  };
}

function readGenerator(fields: JsonFields): GeneratorState {
  if (fields.text('algorithm') !== 'xoshiro128**') throw new Error(`unknown generator ${fields.text('algorithm')}`);
  return {
    ...{ algorithm: 'xoshiro128**', seed: fields.text('seed'), words: fields.counts('words') },
    spareNormal: fields.isNull('spareNormal') ? null : fields.number('spareNormal'),
  };
}
