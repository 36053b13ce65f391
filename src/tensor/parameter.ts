/**
 * @file The one tensor whose value is replaced: weights, running statistics, optimiser state.
 */
import { BackendError, ShapeError } from '../errors.js';
import type { Kernels, Storage } from '../kernels/kernels.js';
import { keep } from './scope.js';
import { sameShape } from './shape.js';
import { Tensor } from './tensor.js';

export class Parameter extends Tensor {
  #version = 0;

  /** Starts from the value of `initial`, which it shares until the first update. Parameters outlive scopes. */
  constructor(initial: Tensor, options: { readonly requiresGrad?: boolean } = {}) {
    super(initial.retainShared(), initial.shape, { requiresGrad: options.requiresGrad ?? true });
    keep(this);
  }

  override get version(): number {
    return this.#version;
  }

  /**
   * Takes the value of `value`, which stays usable.
   *
   * @throws ShapeError if the shapes differ
   * @throws BackendError if backend or dtype differ
   */
  assign(value: Tensor): void {
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(`assign: a parameter of shape [${this.shape}] can't take shape [${value.shape}]`);
    }
    if (value.kernels !== this.kernels || value.dtype !== this.dtype) {
      throw new BackendError(
        `assign: a ${this.dtype} ${this.backend} parameter can't take a ${value.dtype} ${value.backend} tensor; convert it with await t.to(…)`,
      );
    }
    this.replaceShared(value.retainShared());
    this.#version += 1;
  }

  /** Moves the value to another backend, or converts it to another dtype, keeping this object's identity. */
  async moveTo(target: Parameters<Tensor['to']>[0]): Promise<void> {
    const moved = await this.to(target);
    this.replaceShared(moved.retainShared());
    moved.dispose();
    this.#version += 1;
  }

  /**
   * Replaces the values of several parameters by what `kernel` returns for their storages, in the same order. The kernel owns
   * the storages and may work in place.
   */
  static update(parameters: readonly Parameter[], kernel: (kernels: Kernels, values: Storage[]) => Storage[]): void {
    const [first] = parameters;
    if (!first) return;
    const { kernels } = first;
    const results = kernel(
      kernels,
      parameters.map((parameter) => parameter.surrenderShared()),
    );
    parameters.forEach((parameter, i) => {
      const storage = results[i];
      if (!storage)
        throw new BackendError(`update: the kernel returned ${results.length} of ${parameters.length} values`);
      parameter.adoptShared(kernels, storage);
      parameter.#version += 1;
    });
  }
}
