/**
 * @file The base of all layers and models.
 *
 * A module's state is found in its public properties and in arrays there: a `Parameter` is trained, a `Buffer` only saved, a
 * `Module` is a child. Properties that begin with `#` are invisible here.
 */
import { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';
import { Buffer } from './buffer.js';
import { assignState, type LoadOptions, type LoadResult, type StateDict } from './stateDict.js';

export abstract class Module {
  /** Whether dropout drops and batch norm uses the batch's statistics; see `train` and `eval`. */
  training = true;

  /** What the module computes. */
  abstract forward(x: Tensor): Tensor;

  /** The children, by property name; those in an array as `blocks.0`, `blocks.1` … */
  namedChildren(): [name: string, child: Module][] {
    return Object.entries(this).flatMap(([name, value]) => entriesOf(name, value, isModule));
  }

  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /** This module (named by `prefix`) and all below it, each once, parents first. */
  namedModules(prefix = '', seen = new Set<Module>()): [name: string, module: Module][] {
    if (seen.has(this)) return [];
    seen.add(this);
    const below = this.namedChildren().flatMap(([name, child]) => child.namedModules(join(prefix, name), seen));
    return [[prefix, this], ...below];
  }

  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** Everything that training changes by gradients, each once: `['layer1.0.conv1.weight', …]`. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return unique(this.#namedState().filter(([, value]) => !(value instanceof Buffer)));
  }

  /** The trained values, as an optimiser takes them. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** Everything that is saved but not trained: `['bn1.running_mean', …]`. */
  namedBuffers(): [name: string, buffer: Buffer][] {
    return unique(this.#namedState().filter((entry): entry is [string, Buffer] => entry[1] instanceof Buffer));
  }

  buffers(): Buffer[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /**
   * A snapshot of all parameters and buffers under PyTorch's names (`layer2.0.conv1.weight`, `bn1.running_mean`). Later
   * training doesn't change it.
   */
  stateDict(): StateDict {
    return Object.fromEntries(this.#namedState().map(([name, value]) => [name, value.detach()]));
  }

  /**
   * Takes the values of `dict`. Either all of it fits or nothing changes.
   *
   * @throws ArgumentError that names missing, unexpected and mis-shaped entries; with `strict: false` only mis-shaped ones
   */
  loadStateDict(dict: StateDict, options: LoadOptions = {}): LoadResult {
    return assignState(this.constructor.name, this.#namedState(), dict, options);
  }

  /** Training mode, here and below. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Evaluation mode: no dropout, running statistics. Combine with `noGrad` to keep no activations. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) {
      parameter.grad?.dispose();
      parameter.grad = undefined;
    }
  }

  /** Frees all parameters, buffers and gradients; the module can't be used afterwards. */
  dispose(): void {
    this.zeroGrad();
    for (const [, value] of this.#namedState()) value.dispose();
  }

  /**
   * Moves all parameters and buffers to another backend, or converts them. Gradients are forgotten; optimisers made before
   * keep their parameters but not their state's place, so make them afterwards.
   */
  async to(target: Parameters<Parameter['moveTo']>[0]): Promise<this> {
    this.zeroGrad();
    for (const value of new Set(this.#namedState().map(([, state]) => state))) await value.moveTo(target);
    return this;
  }

  /** Puts `replace(child)` in the place of each child. */
  replaceChildren(replace: (child: Module, name: string) => Module): void {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) Reflect.set(this, name, replace(value, name));
      else if (Array.isArray(value)) replaceInArray(value, (child, i) => replace(child, `${name}.${i}`));
    }
  }

  /** Own values first, then the children's, as in PyTorch. */
  #namedState(): [name: string, value: Parameter][] {
    return this.namedModules().flatMap(([path, module]) =>
      Object.entries(module)
        .flatMap(([name, value]) => entriesOf(name, value, isParameter))
        .map(([name, value]): [string, Parameter] => [join(path, snakeCase(name)), value]),
    );
  }
}

/** Replaces the modules among the items of an array, in place. */
export function replaceInArray(items: unknown[], replace: (child: Module, index: number) => Module): void {
  items.forEach((item, i) => {
    if (item instanceof Module) items[i] = replace(item, i);
  });
}

/** What a property holds of one kind, by itself or in an array. */
function entriesOf<T>(name: string, value: unknown, isKind: (value: unknown) => value is T): [string, T][] {
  if (isKind(value)) return [[name, value]];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, i) => entriesOf(`${name}.${i}`, item, isKind));
}

function isModule(value: unknown): value is Module {
  return value instanceof Module;
}

function isParameter(value: unknown): value is Parameter {
  return value instanceof Parameter;
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** PyTorch's spelling of a tensor's name: runningMean is `running_mean` there. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function unique<T>(entries: [string, T][]): [string, T][] {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}
