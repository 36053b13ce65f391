/**
 * @file Checkpoints: damaged ones, and ones that somebody wrote on purpose, with a checksum that is right.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DataLoader, type Dataset } from '../../../src/data/index.js';
import { crossEntropy, Generator, memory } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { Adam, SGD } from '../../../src/optim/index.js';
import { defaultGenerator } from '../../../src/tensor/random.js';
import { parseCheckpoint } from '../../../src/train/checkpointFile.js';
import { CheckpointError, loadTraining, saveTraining, type Training, trainStep } from '../../../src/train/index.js';
import { complaintAbout } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { hostileText } from '../hostileValues.js';
import { hostileBytes } from '../mutateBytes.js';
import { mutatedJson } from '../mutateJson.js';
import { demandTensors } from './safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'softgrad-fuzz-checkpoint-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'run.safetensors');

const data: Dataset = {
  ...{ name: 'points', images: new Float32Array(24).map((_, i) => Math.sin(i)), shape: [3], length: 8 },
  ...{ labels: Int32Array.from({ length: 8 }, (_, i) => i % 2), classes: ['even', 'odd'] },
};

/** A training that takes microseconds. */
function makeTraining(kind: 'sgd' | 'adam'): Training {
  const generator = new Generator(3);
  const own = new nn.Dropout(0.25, { generator: generator.fork('dropout') });
  const model = new nn.Sequential(new nn.Linear(3, 2, { generator }), own);
  const parameters = model.parameters();
  const optimizer =
    kind === 'adam' ? new Adam(parameters) : new SGD(parameters, { lr: 0.1, momentum: 0.9, nesterov: true });
  return { model, optimizer, train: new DataLoader(data, { batchSize: 4, shuffle: true, seed: 1 }) };
}

const trainings = { sgd: makeTraining('sgd'), adam: makeTraining('adam') } as const;
type Kind = keyof typeof trainings;

/** One step, from wherever the training is. */
async function step({ model, optimizer, train }: Training): Promise<void> {
  const [batch] = train.batches(0);
  if (!batch) throw new Error('no batch');
  await trainStep(model, batch.x, batch.labels, { optimizer, loss: crossEntropy, step: 0, epoch: 0 });
}

async function bytesOf(training: Training): Promise<Uint8Array> {
  await step(training);
  const epoch = { epoch: 0, steps: 2, samples: 8, loss: 1, accuracy: 0.5, lr: 0.1, seconds: 2 };
  const validation = { loss: 0.5, accuracy: 0.5, count: 8 };
  const progress = {
    ...{ steps: 3, batch: 1, metrics: { count: 4, loss: 1.5, correct: 2 }, seconds: 1 },
    epochs: [{ ...epoch, validation }],
  };
  await saveTraining(path, training, progress, { note: 'ä"' });
  return readFileSync(path);
}

const good = { sgd: await bytesOf(trainings.sgd), adam: await bytesOf(trainings.adam) };
const goodPaths = { sgd: join(folder, 'sgd.safetensors'), adam: join(folder, 'adam.safetensors') };
for (const kind of ['sgd', 'adam'] as const) writeFileSync(goodPaths[kind], good[kind]);
const states = { sgd: trainingText(good.sgd), adam: trainingText(good.adam) };

function trainingText(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return header.__metadata__.training;
}

/** The file with the checksum that belongs to it, if there still is a place for one. */
function signed(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf('"sha256":"') + 10;
  if (at < 10 || at + 64 > copy.length) return copy;
  copy.fill('0', at, at + 64);
  copy.write(createHash('sha256').update(copy).digest('hex'), at);
  return copy;
}

/** Any bytes; half of them with the right checksum. */
export const checkpointBytes = fuzzTarget({
  ...{ name: 'checkpoint', cases: 100_000, bytes: (bytes: Uint8Array) => bytes },
  inputs: fc
    .tuple(hostileBytes([good.sgd, good.adam]), fc.boolean())
    .map(([bytes, sign]) => (sign ? signed(bytes) : bytes)),
  read: async (bytes) => {
    const { tensors, metadata } = await parseCheckpoint(bytes, path);
    demandTensors({ tensors, metadata }, bytes);
  },
  complaint: (error) => complaintAbout(error, { classes: [CheckpointError], file: path }),
});

interface HostileTraining {
  readonly kind: Kind;
  readonly file: Uint8Array;
}

/** The checkpoint of a training with another JSON state, or tensors by other names, and the right checksum. */
const hostileTraining: fc.Arbitrary<HostileTraining> = fc.constantFrom<Kind>('sgd', 'adam').chain((kind) => {
  const other = mutatedJson([JSON.parse(states[kind])], 2).map((text) => headerWith(kind, states[kind], text));
  const renamed = fc.tuple(fc.constantFrom('0.weight', 'optimizer/0', 'first', 'velocity', '1.'), hostileText);
  const renaming = renamed.map(([from, to]) => headerWith(kind, from, JSON.stringify(to).slice(1, -1)));
  return fc.oneof({ arbitrary: other, weight: 5 }, { arbitrary: renaming, weight: 1 });
});

/** The good file with a part of its header replaced. */
function headerWith(kind: Kind, part: string, replacement: string): HostileTraining {
  const bytes = good[kind];
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const [before, after] =
    part === states[kind] ? [JSON.stringify(part), JSON.stringify(replacement)] : [part, replacement];
  const changed = Buffer.from(header.replace(before, () => after));
  const file = Buffer.alloc(8 + changed.length + bytes.length - 8 - length);
  file.writeBigUInt64LE(BigInt(changed.length));
  file.set(changed, 8);
  file.set(bytes.subarray(8 + length), 8 + changed.length);
  return { kind, file: signed(file) };
}

/** Everything that a load may change. */
async function stateOf({ model, optimizer }: Training): Promise<string> {
  const [weights, { tensors, ...options }] = [model.stateDict(), optimizer.stateDict()];
  const named = [...Object.entries(weights), ...Object.entries(tensors)];
  const values = await Promise.all(named.map(async ([name, value]) => [name, [...(await value.data())]]));
  for (const [, value] of named) value.dispose();
  return JSON.stringify([values, options, defaultGenerator.state]);
}

async function readTraining({ kind, file }: HostileTraining): Promise<void> {
  const training = trainings[kind];
  writeFileSync(path, file);
  const [before, tensors] = [await stateOf(training), memory().tensors];
  const loaded = await loadTraining(path, training).then(
    (progress) => ({ progress }),
    (error: unknown) => ({ error }),
  );
  try {
    if ('error' in loaded) {
      demand((await stateOf(training)) === before, `a refused checkpoint changed the training (${loaded.error})`);
      demand(memory().tensors === tensors, `${memory().tensors - tensors} tensors are left of a refused checkpoint`);
      throw loaded.error;
    }
    const { progress } = loaded;
    const { lr, groups } = training.optimizer;
    demand(lr >= 0 && Number.isFinite(lr), `the learning rate is ${lr}`);
    for (const { options } of groups) {
      const numbers = Object.values(options).filter((value) => typeof value === 'number');
      demand(
        numbers.every((value) => Number.isFinite(value)),
        `options are ${JSON.stringify(options)}`,
      );
    }
    training.train.batches(progress.epochs.length, { from: progress.batch });
    await step(training);
  } finally {
    if ('progress' in loaded) await loadTraining(goodPaths[kind], training);
  }
  demand(memory().tensors === tensors, `${memory().tensors - tensors} tensors are left of a checkpoint`);
}

/** Checkpoints that are whole, with contents that don't fit. */
export const trainingStates = fuzzTarget<HostileTraining>({
  ...{ name: 'training-state', cases: 100_000, inputs: hostileTraining, read: readTraining },
  complaint: (error) => complaintAbout(error, { classes: [CheckpointError], file: path }),
  bytes: ({ file }) => file,
});
