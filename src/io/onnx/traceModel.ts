/**
 * @file Running a model once and writing down what it computes.
 *
 * Values are told apart by their storage: a reshaped or detached tensor is the same value, seen in another shape. A storage that
 * neither an operation nor the model's state made is a constant.
 */
import { ArgumentError } from '../../errors.js';
import type { FloatArray, Storage } from '../../kernels/kernels.js';
import type { Module } from '../../nn/module.js';
import { observeForward } from '../../nn/observeForward.js';
import { type OperationCall, observeOperations } from '../../ops/observeOperations.js';
import { noGrad } from '../../tensor/gradMode.js';
import { keep, scope } from '../../tensor/scope.js';
import type { Shape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';

/** The input, an operation's result, a weight (named as in the state dict) or a constant; the last two have values. */
export interface TracedValue {
  readonly kind: 'input' | 'result' | 'weight' | 'constant';
  /** Of a weight. */
  readonly name?: string;
  readonly shape: Shape;
  readonly data?: FloatArray;
}

/** A value in the shape in which somebody sees it. */
export interface TracedTensor {
  readonly value: TracedValue;
  readonly shape: Shape;
}

export interface TracedCall {
  readonly operation: string;
  readonly attributes: unknown;
  readonly inputs: readonly (TracedTensor | undefined)[];
  readonly outputs: readonly TracedValue[];
  /** The module that called it, such as `layer2.0.conv1`; empty in the model itself. */
  readonly path: string;
}

export interface Trace {
  readonly input: TracedValue;
  /** In the order of the calls. */
  readonly calls: readonly TracedCall[];
  readonly output: TracedTensor;
}

/**
 * What `model` computes from `input` in evaluation mode. The model's modes and gradients stay as they are.
 *
 * @throws ArgumentError if `forward` doesn't return a tensor
 */
export async function traceModel(model: Module, input: Tensor): Promise<Trace> {
  const recorder = new Recorder(model, input);
  try {
    const output = evaluating(model, () =>
      scope(() =>
        noGrad(() =>
          observeOperations(
            (call) => recorder.add(call),
            () => recorder.run(),
          ),
        ),
      ),
    );
    return await recorder.finish(output);
  } finally {
    recorder.dispose();
  }
}

/** Runs `body` in evaluation mode and puts every module's mode back. */
function evaluating<T>(model: Module, body: () => T): T {
  const modes = model.modules().map((module) => [module, module.training] as const);
  model.eval();
  try {
    return body();
  } finally {
    for (const [module, mode] of modes) module.training = mode;
  }
}

/** A value that is still to be read. */
interface Unread extends Omit<TracedValue, 'data'> {
  data?: FloatArray;
}

class Recorder {
  readonly #model: Module;
  readonly #input: Tensor;
  readonly #inputValue: TracedValue;
  readonly #values = new Map<Storage, Unread>();
  readonly #calls: TracedCall[] = [];
  /** Weights and constants that are used, held until they are read. */
  readonly #held = new Map<Unread, Tensor>();
  readonly #weights = new Map<Storage, { readonly name: string; readonly shape: Shape }>();
  /** The modules that are running, innermost last. */
  readonly #running: string[] = [];

  constructor(model: Module, input: Tensor) {
    this.#model = model;
    this.#input = input;
    this.#inputValue = { kind: 'input', shape: input.shape };
    this.#values.set(input.storage, this.#inputValue);
    for (const [name, tensor] of Object.entries(model.stateDict())) {
      const { storage, shape } = tensor;
      // A value under two names keeps the first.
      if (!this.#weights.has(storage)) this.#weights.set(storage, { name, shape });
      tensor.dispose();
    }
  }

  run(): TracedTensor {
    const output: unknown = observeForward(
      this.#model,
      () => this.#running.pop(),
      () => this.#model.forward(this.#input),
      ({ name }) => this.#running.push(name),
    );
    if (!(output instanceof Tensor)) {
      throw new ArgumentError('exportOnnx: forward must return one tensor; wrap the model in a module that does');
    }
    return this.#seen(output);
  }

  add({ operation, attributes, inputs, outputs }: OperationCall): void {
    const seen = inputs.map((input) => input && this.#seen(input));
    const results = outputs.map(({ storage, shape }): Unread => {
      const value: Unread = { kind: 'result', shape };
      this.#values.set(storage, value);
      return value;
    });
    const path = this.#running.at(-1) ?? '';
    this.#calls.push({ operation, attributes, inputs: seen, outputs: results, path });
  }

  async finish(output: TracedTensor): Promise<Trace> {
    for (const [value, tensor] of this.#held) value.data = await tensor.data();
    return { input: this.#inputValue, calls: this.#calls, output };
  }

  dispose(): void {
    for (const tensor of this.#held.values()) tensor.dispose();
  }

  #seen(tensor: Tensor): TracedTensor {
    const value = this.#values.get(tensor.storage) ?? this.#hold(tensor);
    return { value, shape: tensor.shape };
  }

  #hold(tensor: Tensor): Unread {
    const { storage, shape } = tensor;
    const weight = this.#weights.get(storage);
    const value: Unread = weight ? { kind: 'weight', ...weight } : { kind: 'constant', shape };
    this.#values.set(storage, value);
    this.#held.set(value, keep(tensor.detach()));
    return value;
  }
}
