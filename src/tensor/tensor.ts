/**
 * @file The tensor: a shape, a dtype, a place in the autograd graph, and a share in a backend's storage.
 *
 * Dense, row-major, immutable. Everything one computes with tensors is a free function in `ops/`.
 */
import { BackendError, DisposedError, GradientError, ShapeError } from '../errors.js';
import type { BackendName, DType, FloatArray, Kernels, Storage } from '../kernels/kernels.js';
import { loadBackend } from './activeBackend.js';
import { type BackwardOptions, backward } from './graph.js';
import type { GraphNode } from './graphNode.js';
import { enterScope, leaveScope } from './scope.js';
import { type Shape, sizeOf } from './shape.js';
import { SharedStorage } from './sharedStorage.js';

/** The safety net below scopes: frees the storage share of a tensor that was collected without being disposed. */
const collected = new FinalizationRegistry<SharedStorage>((shared) => {
  shared.release();
  leaveScope();
});

export interface TensorOptions {
  readonly requiresGrad?: boolean | undefined;
  readonly node?: GraphNode | undefined;
  /** Which of its node's outputs this is. */
  readonly outputIndex?: number | undefined;
}

export class Tensor {
  readonly shape: Shape;
  /** The operation that made this tensor, where it was recorded. */
  readonly node: GraphNode | undefined;
  readonly outputIndex: number;
  /** ∂L/∂this, summed over backward passes; only leaves that require a gradient have one. */
  grad: Tensor | undefined;
  /** True once taken out of its scope. */
  isKept = false;
  #dtype: DType;
  #requiresGrad: boolean;
  #shared: SharedStorage | undefined;

  constructor(shared: SharedStorage, shape: Shape, options: TensorOptions = {}) {
    this.shape = shape;
    this.#dtype = shared.storage.dtype;
    this.node = options.node;
    this.outputIndex = options.outputIndex ?? 0;
    this.#requiresGrad = options.requiresGrad ?? options.node !== undefined;
    this.#shared = shared;
    collected.register(this, shared, this);
    enterScope(this);
  }

  /** Whether operations on this tensor are recorded. It can be switched on leaves only. */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  set requiresGrad(on: boolean) {
    if (this.node && !on) {
      throw new GradientError(
        `requiresGrad: only a leaf can be switched off; this tensor comes from ${this.node.operation}, use detach()`,
      );
    }
    this.#requiresGrad = on;
  }

  /** The same for a tensor's whole life; only a `Parameter` can be converted in place. */
  get dtype(): DType {
    return this.#dtype;
  }

  /** Number of cells. */
  get size(): number {
    return sizeOf(this.shape);
  }

  get rank(): number {
    return this.shape.length;
  }

  get backend(): BackendName {
    return this.kernels.name;
  }

  /** Counts the replacements of the value; only a `Parameter` has any. */
  get version(): number {
    return 0;
  }

  get isDisposed(): boolean {
    return this.#shared === undefined;
  }

  get kernels(): Kernels {
    return this.#share().kernels;
  }

  get storage(): Storage {
    return this.#share().storage;
  }

  /** The values, row-major, as a copy. */
  async data(): Promise<FloatArray> {
    return this.kernels.read(this.storage);
  }

  /**
   * The values at once.
   *
   * @throws BackendError on a backend that can't answer at once; write `await t.data()` there
   */
  dataSync(): FloatArray {
    return this.kernels.readSync(this.storage);
  }

  /**
   * The value of a tensor with one cell.
   *
   * @throws ShapeError if there are more
   */
  async item(): Promise<number> {
    if (this.size !== 1) throw new ShapeError(`item: needs one cell, got shape [${this.shape}]; use data()`);
    const [value] = await this.data();
    return value ?? Number.NaN;
  }

  /** Adds the gradient of this scalar to the `.grad` of every leaf that it depends on. */
  backward(options?: BackwardOptions): void {
    backward(this, options);
  }

  /** The same values without the graph. */
  detach(): Tensor {
    return new Tensor(this.retainShared(), this.shape);
  }

  /**
   * A copy on another backend, or of another dtype. The copy is a new leaf.
   *
   * @throws BackendError if the backend isn't available or doesn't have the dtype
   */
  async to(target: BackendName | { readonly backend?: BackendName; readonly dtype?: DType }): Promise<Tensor> {
    const { backend = this.backend, dtype = this.dtype } = typeof target === 'string' ? { backend: target } : target;
    const kernels = backend === this.backend ? this.kernels : await loadBackend(backend);
    if (!kernels.info().dtypes.includes(dtype)) {
      throw new BackendError(
        `to: the ${backend} backend has no ${dtype}; use { dtype: '${kernels.info().dtypes[0]}' }`,
      );
    }
    const values = await this.data();
    return new Tensor(new SharedStorage(kernels, kernels.upload(values, dtype)), this.shape, {
      requiresGrad: this.requiresGrad && !this.node,
    });
  }

  /** Frees this tensor's share of the storage; using the tensor afterwards is an error. */
  dispose(): void {
    if (!this.#shared) return;
    collected.unregister(this);
    this.#shared.release();
    this.#shared = undefined;
    leaveScope(this);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** A second tensor over the same cells, with another shape of the same size if given. */
  alias(shape: Shape = this.shape, node?: GraphNode): Tensor {
    return new Tensor(this.retainShared(), shape, { node });
  }

  /** A new tensor of the same backend over a storage that a kernel returned. */
  derive(storage: Storage, shape: Shape, node?: GraphNode, outputIndex?: number): Tensor {
    return new Tensor(new SharedStorage(this.kernels, storage), shape, { node, outputIndex });
  }

  /** A new tensor of this one's shape, dtype and backend, with one value everywhere. */
  filled(value: number): Tensor {
    return this.derive(this.kernels.fill(this.size, value, this.dtype), this.shape);
  }

  toString(): string {
    const place = this.#shared ? this.backend : 'disposed';
    const graph = this.node ? `, from ${this.node.operation}` : this.requiresGrad ? ', requiresGrad' : '';
    return `Tensor [${this.shape.join(', ')}] ${this.dtype} ${place}${graph}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** The storage with one more reference, which the caller owns. */
  retainShared(): SharedStorage {
    return this.#share().retain();
  }

  /** Puts another share in the place of the value; `Parameter` alone makes use of it. */
  protected replaceShared(next: SharedStorage): void {
    collected.unregister(this);
    this.#share().release();
    this.#shared = next;
    this.#dtype = next.storage.dtype;
    collected.register(this, next, this);
  }

  /** Gives the value away to a kernel that consumes it; copies it first where others share it. */
  protected surrenderShared(): Storage {
    const shared = this.#share();
    collected.unregister(this);
    if (!shared.isShared) return shared.surrender();
    const { storage } = shared;
    const copy = this.kernels.gatherStrided(storage, { shape: [storage.length], strides: [1], offset: 0 });
    shared.release();
    return copy;
  }

  /** Takes a storage as the new value, after `surrenderShared`. */
  protected adoptShared(kernels: Kernels, storage: Storage): void {
    this.#shared = new SharedStorage(kernels, storage);
    collected.register(this, this.#shared, this);
  }

  #share(): SharedStorage {
    if (!this.#shared) {
      throw new DisposedError(
        `tensor [${this.shape}]: used after it was disposed; return it from its scope, or keep() it, to use it later`,
      );
    }
    return this.#shared;
  }
}
