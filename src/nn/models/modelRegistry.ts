/**
 * @file Models by name, with the inputs that they take, so that a study or a command line can choose one. A new one is one
 * line here.
 */
import { ArgumentError } from '../../errors.js';
import type { Module } from '../module.js';
import type { Rank } from '../rank.js';
import { densenet } from './densenet.js';
import { inception } from './inception.js';
import type { ModelOptions } from './modelOptions.js';
import { resnet8, resnet20, resnet32 } from './resnet.js';
import { resnet3d } from './resnet3d.js';
import { resnext } from './resnext.js';
import { smallCnn } from './smallCnn.js';
import { vgg } from './vgg.js';
import { waveformCnn } from './waveformCnn.js';
import { wideResnet } from './wideResnet.js';

export interface ModelEntry {
  /** One line for help texts and reports. */
  readonly summary: string;
  /** The number of spatial axes of its input. */
  readonly rank: Rank;
  /** The fewest cells that each spatial axis must have. */
  readonly leastSize: number;
  readonly create: (options?: ModelOptions) => Module;
}

/** All models, by the names of their functions. */
export const modelRegistry = {
  smallCnn: { summary: 'three convolutions', rank: 2, leastSize: 4, create: smallCnn },
  resnet8: { summary: 'residual, 8 layers', rank: 2, leastSize: 4, create: resnet8 },
  resnet20: { summary: 'residual, 20 layers', rank: 2, leastSize: 4, create: resnet20 },
  resnet32: { summary: 'residual, 32 layers', rank: 2, leastSize: 4, create: resnet32 },
  wideResnet: { summary: 'few wide residual blocks, WRN-10-2', rank: 2, leastSize: 4, create: wideResnet },
  resnext: { summary: 'residual, grouped convolutions, 8×4d', rank: 2, leastSize: 4, create: resnext },
  densenet: { summary: 'every layer sees all before it, BC-22-12', rank: 2, leastSize: 4, create: densenet },
  inception: { summary: 'parallel convolutions and overlapping pools', rank: 2, leastSize: 1, create: inception },
  vgg: { summary: 'eight convolutions, five pools', rank: 2, leastSize: 32, create: vgg },
  waveformCnn: { summary: 'four convolutions over time, pools of 4', rank: 1, leastSize: 256, create: waveformCnn },
  resnet3d: { summary: 'residual, 8 layers, over time and space', rank: 3, leastSize: 4, create: resnet3d },
} as const satisfies Record<string, ModelEntry>;

export type ModelName = keyof typeof modelRegistry;

export interface CreateModelOptions extends Omit<ModelOptions, 'inChannels'> {
  /** One sample of the data, `[C, ...spatial]`. */
  readonly sampleShape: readonly number[];
}

/** All models, or those that take samples of a shape `[C, ...spatial]`. */
export function modelNames(sampleShape?: readonly number[]): ModelName[] {
  const names = Object.keys(modelRegistry).filter(isModelName);
  return sampleShape ? names.filter((name) => takes(modelRegistry[name], sampleShape)) : names;
}

/**
 * The model of that name for samples of a shape: `createModel('resnet3d', { sampleShape: [1, 8, 16, 16], pool: 'max' })`.
 *
 * @throws ArgumentError if there is no such model, or it doesn't take such samples; it lists those that there are
 */
export function createModel(name: string, { sampleShape, ...options }: CreateModelOptions): Module {
  if (!isModelName(name)) {
    throw new ArgumentError(`createModel: no model '${name}'; there are ${modelNames().join(', ')}`);
  }
  const entry: ModelEntry = modelRegistry[name];
  if (!takes(entry, sampleShape)) {
    const axes = entry.rank === 1 ? 'axis' : 'axes';
    const others = modelNames(sampleShape).join(', ');
    throw new ArgumentError(
      `createModel: ${name} takes samples of a channel axis and ${entry.rank} more ${axes} of at least ` +
        `${entry.leastSize}, not [${sampleShape}]; ${others ? `for those there are ${others}` : 'no model takes those'}`,
    );
  }
  return entry.create({ ...options, inChannels: sampleShape[0] });
}

function takes({ rank, leastSize }: ModelEntry, [channels, ...spatial]: readonly number[]): boolean {
  return channels !== undefined && spatial.length === rank && spatial.every((size) => size >= leastSize);
}

function isModelName(name: string): name is ModelName {
  return Object.hasOwn(modelRegistry, name);
}
