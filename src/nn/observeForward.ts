/**
 * @file Watching a model compute: what goes into and comes out of every module.
 */
import type { Tensor } from '../tensor/tensor.js';
import type { Module } from './module.js';

/** One call of a module's `forward`, after it returned. */
export interface ForwardCall {
  /** Path from the model, such as `layer2.0.conv1`; empty for the model itself. */
  readonly name: string;
  readonly module: Module;
  readonly input: Tensor;
  readonly output: Tensor;
}

/**
 * Runs `body` and reports every `forward` call of `model` and the modules below, innermost first, in the order in which they
 * finish. Tensors may be freed after the observer returns; `keep` what is needed longer.
 *
 * @param onStart is told of every call before it runs, outermost first
 */
export function observeForward<T>(
  model: Module,
  observer: (call: ForwardCall) => void,
  body: () => T,
  onStart?: (call: Omit<ForwardCall, 'output'>) => void,
): T {
  const watched = model.namedModules();
  for (const [name, module] of watched) {
    const forward = module.forward;
    // An own property hides the method for the time being, so modules pay nothing when nobody watches.
    Object.defineProperty(module, 'forward', {
      configurable: true,
      enumerable: false,
      value(...inputs: [Tensor]): Tensor {
        const [input] = inputs;
        onStart?.({ name, module, input });
        const output = forward.apply(module, inputs);
        observer({ name, module, input, output });
        return output;
      },
    });
  }
  try {
    return body();
  } finally {
    for (const [, module] of watched) Reflect.deleteProperty(module, 'forward');
  }
}
