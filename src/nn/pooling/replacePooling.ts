/**
 * @file Another pooling in the place of every windowed pooling layer of a model.
 */
import { ArgumentError } from '../../errors.js';
import type { Generator } from '../../tensor/generator.js';
import { noGrad } from '../../tensor/gradMode.js';
import { scope } from '../../tensor/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Module } from '../module.js';
import { observeForward } from '../observeForward.js';
import { pool, poolStrategy } from './poolingRegistry.js';
import { PoolLayer } from './poolLayer.js';

export interface ReplacePoolingOptions {
  /** Where the new layers' weights and random choices are drawn from. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
  /** An input of the model, to find out the channels of layers that don't know them. */
  readonly sample?: Tensor | undefined;
}

/**
 * Puts a layer of the strategy `name` in the place of every pooling layer below `model`; rank, kernel size, stride, padding,
 * dilation and ceil mode stay. Adaptive pooling layers are left alone.
 *
 * @returns the model
 * @throws ArgumentError if the strategy needs channels that nobody knows, or can't have a layer's geometry
 */
export function replacePooling<M extends Module>(model: M, name: string, options: ReplacePoolingOptions = {}): M {
  if (model instanceof PoolLayer) {
    throw new ArgumentError(`replacePooling: the model is itself a pooling layer; make one with pool('${name}', …)`);
  }
  const channels = channelsOfPools(model, name, options.sample);
  const successors = new Map<Module, PoolLayer>();
  for (const [path, layer] of model.namedModules()) {
    if (!(layer instanceof PoolLayer)) continue;
    const known = layer.channels ?? channels.get(layer);
    if (known === undefined && poolStrategy(name).needsChannels) {
      throw new ArgumentError(
        `replacePooling: '${name}' learns something per channel, and ${path} doesn't know its channels; pass { sample: x }`,
      );
    }
    const { rank, training } = layer;
    const successor = pool(name, { ...layer.window, rank, channels: known, generator: options.generator });
    successors.set(layer, successor.train(training));
  }
  for (const module of model.modules()) module.replaceChildren((child) => successors.get(child) ?? child);
  return model;
}

/** Channels that each pooling layer sees when the model runs on `sample`. */
function channelsOfPools(model: Module, name: string, sample: Tensor | undefined): Map<Module, number> {
  const channels = new Map<Module, number>();
  if (!sample || !poolStrategy(name).needsChannels) return channels;
  const training = model.modules().map((module) => [module, module.training] as const);
  const watch = ({ module, input }: { module: Module; input: Tensor }): void => {
    if (module instanceof PoolLayer) channels.set(module, input.shape[input.rank - module.rank - 1] ?? 1);
  };
  model.eval();
  try {
    scope(() => noGrad(() => void observeForward(model, watch, () => model.forward(sample))));
  } finally {
    for (const [module, mode] of training) module.training = mode;
  }
  return channels;
}
