/**
 * @file A graph while it is put together: nodes in order, constants by name, and names that are given once.
 */
import { ArgumentError, shorten } from '../../errors.js';
import type { Shape } from '../../tensor/shape.js';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './encodeOnnxModel.js';

/** A node, and the call of an operation that it is part of. */
export interface BuiltNode extends OnnxNode {
  /** For messages: `softPool in layer2.0.pool`. */
  readonly origin: string;
}

/** Who calls: what the names of nodes begin with, and what messages say. */
export interface Caller {
  readonly operation: string;
  readonly path: string;
}

export interface BuiltGraph {
  readonly nodes: readonly BuiltNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Those of them that hold a shape, which may turn out to depend on the batch. */
  readonly shapes: ReadonlySet<string>;
}

export class GraphBuilder implements BuiltGraph {
  readonly nodes: BuiltNode[] = [];
  readonly initializers = new Map<string, OnnxTensor>();
  readonly shapes = new Set<string>();
  readonly #taken: Set<string>;
  readonly #scalars = new Map<number, string>();
  readonly #integers = new Map<string, string>();
  #caller: Caller = { operation: 'forward', path: '' };

  /** @param reserved names that nothing made here may have */
  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  /** Nodes from here on belong to this call. */
  enter(caller: Caller): void {
    this.#caller = caller;
  }

  /** For messages. */
  get origin(): string {
    return originOf(this.#caller);
  }

  /** Adds a node with one output and returns the output's name. */
  node(
    opType: string,
    inputs: readonly (string | undefined)[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const { path } = this.#caller;
    const name = this.#unique(path === '' ? opType : `${path}/${opType}`);
    this.nodes.push({
      ...{ name, opType, attributes, output: name, origin: this.origin },
      inputs: inputs.map((input) => input ?? ''),
    });
    return name;
  }

  /** A number. */
  scalar(value: number): string {
    const name = this.#scalars.get(value) ?? this.#unique(`value_${value}`);
    if (!this.#scalars.has(value)) {
      this.#scalars.set(value, name);
      this.initializers.set(name, { name, shape: [], data: Float32Array.of(value) });
    }
    return name;
  }

  /** Axes, bounds or indices: integers that don't depend on the batch. */
  integers(values: readonly (number | bigint)[], shape: Shape = [values.length]): string {
    const key = `${values} [${shape}]`;
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const name = this.#unique('integers');
    this.#integers.set(key, name);
    this.initializers.set(name, { name, shape, data: BigInt64Array.from(values, BigInt) });
    return name;
  }

  /** A shape, as Reshape and Expand take it. */
  shape(sizes: Shape): string {
    const name = this.#unique('shape');
    this.shapes.add(name);
    this.initializers.set(name, { name, shape: [sizes.length], data: BigInt64Array.from(sizes, BigInt) });
    return name;
  }

  /** A weight, under its own name. */
  weight(name: string, shape: Shape, data: Float32Array): string {
    this.initializers.set(checkedName('parameter', name), { name, shape, data });
    return name;
  }

  constant(shape: Shape, data: Float32Array): string {
    const name = this.#unique('constant');
    this.initializers.set(name, { name, shape, data });
    return name;
  }

  #unique(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(checkedName('module', name));
    return name;
  }
}

/** For messages: `softPool in layer2.0.pool`. */
export function originOf({ operation, path }: Caller): string {
  return path === '' ? operation : `${operation} in ${path}`;
}

/**
 * A name that every reader of ONNX files can take.
 *
 * @throws ArgumentError if it is empty, or has control characters or halves of surrogate pairs
 */
export function checkedName(kind: string, name: string): string {
  if (name !== '' && !/[\p{Cc}\p{Cs}]/u.test(name)) return name;
  const shown = JSON.stringify(shorten(name)).replace(
    /\p{Cc}/gu,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
  throw new ArgumentError(`exportOnnx: the ${kind} name ${shown} must have printable characters only; rename it`);
}
