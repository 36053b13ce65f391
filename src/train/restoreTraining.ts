/**
 * @file A checkpoint's contents, put into the objects that they were taken from.
 */
import type { BatchOrder } from '../data/dataLoader.js';
import type { SafetensorsEntry } from '../io/parseSafetensors.js';
import { tensor } from '../tensor/create.js';
import type { Generator, GeneratorState } from '../tensor/generator.js';
import type { Tensor } from '../tensor/tensor.js';
import { CheckpointError } from './checkpointError.js';
import { OPTIMIZER_PREFIX } from './checkpointFile.js';
import { namedGenerators } from './moduleGenerators.js';
import type { Training, TrainingRecord } from './trainingCheckpoint.js';

/**
 * Changes model, optimiser and generators, all of them or none.
 *
 * @throws CheckpointError if the record is of another model, optimiser or data loader
 */
export function restoreTraining(
  file: string,
  training: Training,
  record: TrainingRecord,
  entries: ReadonlyMap<string, SafetensorsEntry>,
): void {
  const { model, optimizer, train } = training;
  checkOrder(file, record, train.order);
  const tensors = makeTensors(entries, model.parameters()[0]);
  const isSlot = ([name]: [string, Tensor]): boolean => name.startsWith(OPTIMIZER_PREFIX);
  const slots = tensors.filter(isSlot).map(([name, x]) => [name.slice(OPTIMIZER_PREFIX.length), x]);
  const weights = tensors.filter((entry) => !isSlot(entry));
  const before = optimizer.stateDict();
  const generators = namedGenerators(model);
  const places = new Map(Array.from(generators, ([name, { state }]) => [name, state]));
  try {
    setGenerators(generators, new Map(Object.entries(record.generators)));
    optimizer.loadStateDict({ ...record.optimizer, tensors: Object.fromEntries(slots) });
    model.loadStateDict(Object.fromEntries(weights));
  } catch (cause) {
    setGenerators(generators, places);
    optimizer.loadStateDict(before);
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = 'build the same model and optimiser as before, or begin anew';
    throw new CheckpointError(file, `it is of another training (${reason})`, advice, { cause });
  } finally {
    for (const [, value] of tensors) value.dispose();
    for (const value of Object.values(before.tensors)) value.dispose();
  }
}

/** Which batch of which epoch comes next means something only for the same batches. */
function checkOrder(file: string, { data, progress }: TrainingRecord, order: BatchOrder): void {
  const differing = (Object.keys(order) as (keyof BatchOrder)[]).filter((key) => order[key] !== data[key]);
  if (differing.length > 0) {
    const list = differing.map((key) => `${key} ${data[key]} there, ${order[key]} here`).join('; ');
    const advice = 'build the data loader as before, or begin anew';
    throw new CheckpointError(file, `it was trained on other batches (${list})`, advice);
  }
  if (progress.batch > data.batches || progress.metrics.count > data.samples) {
    throw new CheckpointError(file, `batch ${progress.batch} of ${data.batches} can't be next`, 'move it away');
  }
}

/** All or none of the tensors, on the backend and with the dtype of `like`. */
function makeTensors(entries: ReadonlyMap<string, SafetensorsEntry>, like: Tensor | undefined): [string, Tensor][] {
  const options = { backend: like?.backend, dtype: like?.dtype };
  return Array.from(entries, ([name, { shape, data }]) => {
    const values = data instanceof Float64Array ? data : Float32Array.from(data, Number);
    return [name, tensor(values, { ...options, shape })];
  });
}

function setGenerators(generators: ReadonlyMap<string, Generator>, states: ReadonlyMap<string, GeneratorState>): void {
  for (const [name, generator] of generators) {
    const state = states.get(name);
    if (!state) throw new Error(`it knows no generator ${name}`);
    generator.state = state;
  }
}
