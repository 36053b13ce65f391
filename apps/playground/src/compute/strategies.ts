/**
 * @file The pooling strategies that the page offers: those of the library's registry, with a temperature for SoftPool.
 */
import { Generator, noGrad, scope, type Tensor } from 'softgrad';
import * as nn from 'softgrad/nn';

/** What the controls say about a window, on both axes alike. */
export interface PoolSettings {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** Of SoftPool; ∞ is max pooling. */
  readonly beta: number;
  /** Of SoftPool's gradient: exact, or with the weights held constant. Default exact. */
  readonly rule?: 'exact' | 'detached' | undefined;
}

/** The strategies that everybody knows. */
export const KNOWN_STRATEGIES: readonly string[] = ['max', 'avg', 'soft'];

/** Names of all strategies, those that everybody knows first. */
export function strategyNames(): string[] {
  return [...KNOWN_STRATEGIES, ...nn.poolNames().filter((name) => !KNOWN_STRATEGIES.includes(name))];
}

/** Those of `names` that exist, in the order of all; the known ones if none does. */
export function existingStrategies(names: readonly string[]): string[] {
  const existing = strategyNames().filter((name) => names.includes(name));
  return existing.length > 0 ? existing : [...KNOWN_STRATEGIES];
}

/** The layer of a strategy for `channels` planes. */
export function poolLayer(name: string, settings: PoolSettings, channels: number): nn.Module {
  const { kernel, stride, beta, rule } = settings;
  const padding = Math.min(settings.padding, Math.floor(kernel / 2));
  const window = { kernelSize: kernel, stride, padding };
  if (name === 'soft' || name === 'soft-detached') {
    if (beta === Number.POSITIVE_INFINITY) return new nn.MaxPool2d(window);
    return new nn.SoftPool2d({ ...window, beta, gradient: name === 'soft' ? rule : 'detached' });
  }
  // Whatever a strategy draws at random is the same on every visit.
  return nn.pool(name, { ...window, channels, generator: new Generator(1) }).eval();
}

/** Pools `x`, `[C, H, W]`, without recording a graph. */
export function poolTensor(name: string, x: Tensor, settings: PoolSettings): Tensor {
  return scope(() => noGrad(() => poolLayer(name, settings, x.shape[0] ?? 1).forward(x)));
}
