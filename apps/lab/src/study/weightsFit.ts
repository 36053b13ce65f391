/**
 * @file Whether weights fit what a command asks for: the library says which tensors don't, here it is said which words are at
 * fault and what to write instead.
 */
import { ArgumentError, ShapeError } from 'softgrad';
import type { Dataset } from 'softgrad/data';
import type * as nn from 'softgrad/nn';
import { loadCheckpoint } from 'softgrad/train';
import { UsageError } from '../usageError.js';
import { buildModel } from './buildRun.js';
import type { ModelName } from './settings.js';
import type { WeightsDescription } from './weightsMetadata.js';

/** A file of weights, and what it says of itself, if anything. */
export interface Weights {
  readonly file: string;
  readonly description?: WeightsDescription | undefined;
}

/** The network that a command computes with. */
export interface Network {
  readonly model: ModelName;
  readonly pool: string;
  readonly classes: readonly string[];
  /** Of one sample, `[C, ...spatial]`. */
  readonly shape: readonly number[];
}

/** An option that says something else than the file. */
interface Override {
  readonly name: string;
  readonly value: string;
  /** What the file says, in words. */
  readonly said: string;
}

/** A long message is of no use: the first names of the tensors tell the case. */
const DETAIL_LENGTH = 160;
const SHOWN_CLASSES = 2;
const CLASS_LENGTH = 30;

/**
 * The network with the weights of the file.
 *
 * @param words the options that say which network it is where the file doesn't: `['--model resnet20', …]`
 * @throws UsageError that names the file, the options at fault and what the file says, if the weights don't fit
 */
export async function fittingModel(weights: Weights, network: Network, words: readonly string[]): Promise<nn.Module> {
  let model: nn.Module | undefined;
  try {
    model = buildModel(network, network.pool, { train: network });
    await loadCheckpoint(weights.file, model);
    return model;
  } catch (error) {
    model?.dispose();
    if (!(error instanceof ArgumentError || error instanceof ShapeError)) throw error;
    throw new UsageError(misfit(weights, network, words, detailOf(error)), { cause: error });
  }
}

/** What a person should know before they read numbers of a network that isn't the one that was trained; else nothing. */
export function overrideNote({ description }: Weights, network: Network): string | undefined {
  const overrides = description ? overridesOf(description, network) : [];
  if (overrides.length === 0) return undefined;
  const said = overrides.map((override) => override.said).join(' and ');
  return `the file says ${said}; computing with ${overrides.map(({ value }) => value).join(' and ')}`;
}

/**
 * That the data have the classes and the samples that the file says its network knows: outputs and labels are matched by place.
 *
 * @param option the word of `--data`, if it was given
 * @throws UsageError that names what the file says and what the data have
 */
export function checkData(
  { file, description }: Weights,
  { name, classes, shape }: Pick<Dataset, 'name' | 'classes' | 'shape'>,
  option: string | undefined,
): void {
  if (!description) return;
  const { data, settings } = description;
  const source = option === undefined ? `the data set ${name}` : `--data ${option}`;
  const isOther = option !== undefined && option !== settings.data;
  const advice = isOther ? `leave --data out to test on ${settings.data}` : 'give --data of these classes';
  const length = Math.max(data.classes.length, classes.length);
  const other = Array.from({ length }).findIndex((_, i) => data.classes[i] !== classes[i]);
  if (other >= 0) {
    const [known, found] = [classList(data.classes, other), classList(classes, other)];
    throw new UsageError(`${file}: these weights tell ${known} apart; ${source} has ${found}; ${advice}`);
  }
  if (String(data.shape) !== String(shape)) {
    throw new UsageError(
      `${file}: these weights are for samples of ${data.shape}; ${source} has samples of ${shape}; ${advice}`,
    );
  }
}

/** The first names from `start` on, where two lists begin to differ. */
function classList(classes: readonly string[], start: number): string {
  const from = Math.max(0, Math.min(start, classes.length - SHOWN_CLASSES));
  const shown = classes.slice(from, from + SHOWN_CLASSES).map((name) => shortened(name, CLASS_LENGTH));
  const before = from > 0 ? ['…'] : [];
  return [...before, ...shown, ...(from + SHOWN_CLASSES < classes.length ? ['…'] : [])].join(', ');
}

function overridesOf({ settings, data }: WeightsDescription, network: Network): Override[] {
  const { model, pool, classes, shape } = network;
  const all = [
    { name: '--model', value: model, known: settings.model, said: settings.model },
    { name: '--pool', value: pool, known: settings.pool, said: `${settings.pool} pooling` },
    {
      ...{ name: '--classes', value: String(classes.length), known: String(data.classes.length) },
      said: `${data.classes.length} classes`,
    },
    { name: '--shape', value: String(shape), known: String(data.shape), said: `samples of ${data.shape}` },
  ];
  return all.filter(({ value, known }) => value !== known);
}

function misfit({ file, description }: Weights, network: Network, words: readonly string[], detail: string): string {
  if (!description) return `${file} doesn't fit ${words.join(' ')} (${detail}); give those that it was trained with`;
  const { model, pool } = description.settings;
  const said = `${model} with ${pool} pooling`;
  const overrides = overridesOf(description, network);
  if (overrides.length === 0) {
    return `${file} doesn't hold the ${said} that it says it is (${detail}); it was changed, so use another file`;
  }
  const options = overrides.map(({ name, value }) => `${name} ${value}`).join(' ');
  const others = overrides.flatMap((override) => (/classes|shape/.test(override.name) ? override.said : []));
  const left = overrides.map(({ name }) => name).join(', ');
  return `${file} doesn't fit ${options}: the file says ${[said, ...others].join(', ')} (${detail}); leave ${left} out`;
}

/** What the library found, without the names of its functions. */
function detailOf({ message }: Error): string {
  return shortened(message.replace(/^\w+: (\w+ has (?=\d))?/, ''), DETAIL_LENGTH);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
