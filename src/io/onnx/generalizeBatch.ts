/**
 * @file One graph for any size of batch, from two that were built for different sizes.
 *
 * Whatever is the same in both is kept. A shape that grows with the batch is computed when the graph runs. Anything else that
 * differs depends on the batch in a way that a graph can't follow, or on the values of the input.
 */
import { ArgumentError } from '../../errors.js';
import { type Shape, sameShape } from '../../tensor/shape.js';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './encodeOnnxModel.js';
import type { BuiltGraph, BuiltNode } from './graphBuilder.js';

/** A graph and the batch that it was built for. */
export interface ForBatch {
  readonly graph: BuiltGraph;
  readonly batch: number;
}

export interface GeneralGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
}

/**
 * The graph that both are cases of.
 *
 * @throws ArgumentError that names the first operation that differs
 */
export function generalizeBatch(first: ForBatch, second: ForBatch, inputName: string): GeneralGraph {
  const merger = new Merger(first, second, inputName);
  const count = Math.max(first.graph.nodes.length, second.graph.nodes.length);
  for (let i = 0; i < count; i++) merger.merge(first.graph.nodes[i], second.graph.nodes[i]);
  return merger.finish();
}

class Merger {
  readonly #first: ForBatch;
  readonly #second: ForBatch;
  readonly #inputName: string;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  /** What was made here for both sizes, by what it is. */
  readonly #made = new Map<string, string>();
  readonly #taken: Set<string>;

  constructor(first: ForBatch, second: ForBatch, inputName: string) {
    const { nodes, initializers } = first.graph;
    this.#taken = new Set([inputName, ...nodes.flatMap(({ name, output }) => [name, output]), ...initializers.keys()]);
    this.#first = first;
    this.#second = second;
    this.#inputName = inputName;
  }

  merge(a: BuiltNode | undefined, b: BuiltNode | undefined): void {
    if (!a || !b || a.opType !== b.opType || a.inputs.length !== b.inputs.length) {
      throw this.#different(a ?? b, 'what is called');
    }
    for (const key of Object.keys({ ...a.attributes, ...b.attributes })) {
      if (!sameAttribute(a.attributes[key], b.attributes[key])) throw this.#different(a, key);
    }
    const inputs = a.inputs.map((input, i) => this.#input(a, input, b.inputs[i] ?? ''));
    const { name, opType, output, attributes } = a;
    this.#nodes.push({ name, opType, output, attributes, inputs });
  }

  finish(): GeneralGraph {
    return { nodes: this.#nodes, initializers: [...this.#initializers.values()] };
  }

  #input(node: BuiltNode, a: string, b: string): string {
    const first = this.#first.graph.initializers.get(a);
    const second = this.#second.graph.initializers.get(b);
    if (!first && !second && a === b) return a;
    if (!first || !second) throw this.#different(node, 'an operand');
    if (sameShape(first.shape, second.shape) && sameData(first.data, second.data)) {
      this.#initializers.set(a, first);
      return a;
    }
    if (this.#first.graph.shapes.has(a)) return this.#shape(node, first, second);
    return this.#repeated(node, first, second);
  }

  /** A shape that grows with the batch. Reshape works out one size by itself. */
  #shape(node: BuiltNode, first: OnnxTensor, second: OnnxTensor): string {
    const [sizes, others] = [first, second].map(({ data }) => Array.from(data, Number));
    if (!sizes || sizes.length !== others?.length) throw this.#different(node, 'the number of axes');
    const growing = sizes.filter((size, axis) => size !== others[axis]);
    if (node.opType !== 'Reshape' || growing.length !== 1) return this.#sizes(node, first.name, sizes, others);
    return this.#integers(
      first.name,
      sizes.map((size, axis) => (size === others[axis] ? size : -1)),
    );
  }

  /** A constant that forward makes anew for each batch, such as zeros of x's shape: one value, repeated. */
  #repeated(node: BuiltNode, first: OnnxTensor, second: OnnxTensor): string {
    const [value] = first.data;
    const isUniform = [first, second].every(({ data }) =>
      data.every((other: number | bigint) => Object.is(other, value)),
    );
    if (!isUniform || typeof value !== 'number' || sameShape(first.shape, second.shape)) {
      throw this.#different(node, 'an operand');
    }
    return this.#once(first.name, () => {
      const scalar = this.#initializer({ name: `${first.name}/value`, shape: [], data: Float32Array.of(value) });
      return this.#node('Expand', [scalar, this.#sizes(node, first.name, first.shape, second.shape)]);
    });
  }

  /** A list of sizes, of which some are multiples of the batch size. */
  #sizes(node: BuiltNode, name: string, sizes: Shape, others: Shape): string {
    const parts = sizes.map((size, axis) => {
      if (size === others[axis]) return this.#integers(`${name}/${axis}`, [size]);
      const perSample = size / this.#first.batch;
      if (!Number.isInteger(perSample) || perSample * this.#second.batch !== others[axis]) {
        throw this.#different(node, 'a size');
      }
      if (perSample === 1) return this.#batch();
      return this.#node('Mul', [this.#batch(), this.#integers(`${name}/${axis}`, [perSample])]);
    });
    return this.#node('Concat', parts, { axis: { int: 0 } });
  }

  /** The size of the input's first axis, as a list of one number. */
  #batch(): string {
    return this.#once('batch', () => {
      const bounds = [this.#integers('batch/start', [0]), this.#integers('batch/end', [1])];
      return this.#node('Slice', [this.#node('Shape', [this.#inputName]), ...bounds]);
    });
  }

  #different(node: BuiltNode | undefined, what: string): ArgumentError {
    const place = node?.origin ?? 'forward';
    const other = 'by other ways than operations (dataSync, random numbers)';
    return new ArgumentError(
      this.#first.batch === this.#second.batch
        ? `exportOnnx: at ${place}, ${what} depends on the input ${other}, which a graph cannot follow`
        : `exportOnnx: at ${place}, ${what} depends on the size of the batch or, ${other}, on the input, which a graph ` +
            'cannot follow; { dynamicBatch: false } fixes the batch',
    );
  }

  #once(key: string, make: () => string): string {
    const name = this.#made.get(key) ?? make();
    this.#made.set(key, name);
    return name;
  }

  #node(opType: string, inputs: string[], attributes: Record<string, OnnxAttribute> = {}): string {
    const name = this.#unique(`batch/${opType}`);
    this.#nodes.push({ name, opType, inputs, output: name, attributes });
    return name;
  }

  #integers(wanted: string, values: readonly number[]): string {
    return this.#initializer({ name: wanted, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  }

  #initializer(tensor: OnnxTensor): string {
    const name = this.#unique(tensor.name);
    this.#initializers.set(name, { ...tensor, name });
    return name;
  }

  #unique(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}

function sameAttribute(a: OnnxAttribute | undefined, b: OnnxAttribute | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameData(a: OnnxTensor['data'], b: OnnxTensor['data']): boolean {
  return a.length === b.length && a.every((value: number | bigint, i) => Object.is(value, b[i]));
}
