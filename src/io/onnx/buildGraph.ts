/**
 * @file From a trace to a graph for one size of batch: every call that the output depends on becomes nodes.
 */
import { ArgumentError } from '../../errors.js';
import { type Shape, sameShape } from '../../tensor/shape.js';
import { type Converter, NotConvertible, type Operand } from './converter.js';
import { elementwise } from './elementwise.js';
import { type BuiltGraph, checkedName, GraphBuilder, originOf } from './graphBuilder.js';
import { layers } from './layers.js';
import { movement } from './movement.js';
import { pooling } from './pooling.js';
import type { Trace, TracedCall, TracedTensor, TracedValue } from './traceModel.js';

/** Every operation that ONNX can express, by name. */
export const converters: ReadonlyMap<string, Converter> = new Map(
  Object.entries({ ...elementwise, ...layers, ...movement, ...pooling }),
);

/** Why the others can't be. */
export const unconvertible: ReadonlyMap<string, string> = new Map(
  Object.entries({
    batchNormStatistics:
      "it computes the batch's own statistics, as in training; pass { training: false } to batchNorm",
    crossEntropy: 'it is a loss; export the model without it',
    fold: 'it adds up overlapping windows, which ONNX has no operator for',
  }),
);

const GRADIENT = 'it computes a gradient; export the forward pass alone';

/** Names of the graph's ends. */
export interface Ends {
  readonly inputName: string;
  readonly outputName: string;
}

/**
 * The nodes of a trace.
 *
 * @throws ArgumentError that names the operation and its module if ONNX can't express it, or if names collide
 */
export function buildGraph({ input, calls, output }: Trace, { inputName, outputName }: Ends): BuiltGraph {
  const needed = neededCalls(calls, output);
  const weights = weightNames(needed, output);
  for (const name of [inputName, outputName]) {
    if (weights.has(name)) {
      throw new ArgumentError(`exportOnnx: a parameter is called '${name}' too; pass another inputName or outputName`);
    }
  }
  const graph = new GraphBuilder([...weights, checkedName('input', inputName), checkedName('output', outputName)]);
  const operands = new Operands(graph);
  operands.bind(input, inputName);
  for (const call of needed) {
    graph.enter(call);
    const inputs = call.inputs.map((tensor) => tensor && operands.operand(tensor));
    const [result] = call.outputs;
    if (result) operands.bind(result, convert(graph, call, inputs, result.shape));
  }
  graph.enter({ operation: 'forward', path: '' });
  const last = operands.operand(output);
  return named(graph, last.name, outputName);
}

function convert(
  graph: GraphBuilder,
  call: TracedCall,
  inputs: readonly (Operand | undefined)[],
  shape: Shape,
): string {
  const { operation, attributes } = call;
  try {
    const converter = converters.get(operation);
    if (!converter) throw new NotConvertible(unconvertible.get(operation) ?? GRADIENT);
    return converter(graph, { operation, inputs, attributes, shape });
  } catch (cause) {
    if (!(cause instanceof NotConvertible)) throw cause;
    throw new ArgumentError(`exportOnnx: ${originOf(call)} has no form in ONNX: ${cause.message}`, { cause });
  }
}

/** The calls that the output depends on, in order. */
function neededCalls(calls: readonly TracedCall[], output: TracedTensor): TracedCall[] {
  const needed = new Set<TracedValue>([output.value]);
  return calls
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((value) => needed.has(value))) return false;
      for (const input of inputs) if (input) needed.add(input.value);
      return true;
    })
    .reverse();
}

function weightNames(calls: readonly TracedCall[], output: TracedTensor): Set<string> {
  const tensors = [...calls.flatMap(({ inputs }) => inputs), output];
  return new Set(tensors.flatMap((tensor) => tensor?.value.name ?? []));
}

/** Where each value is found in the graph, and in which shapes. */
class Operands {
  readonly #graph: GraphBuilder;
  readonly #names = new Map<TracedValue, string>();
  readonly #reshaped = new Map<string, string>();

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  bind(value: TracedValue, name: string): void {
    this.#names.set(value, name);
  }

  operand({ value, shape }: TracedTensor): Operand {
    const name = this.#names.get(value) ?? this.#initializer(value);
    return { name: sameShape(shape, value.shape) ? name : this.#reshape(name, shape), shape };
  }

  #reshape(name: string, shape: Shape): string {
    const key = `${name} [${shape}]`;
    const known = this.#reshaped.get(key);
    if (known !== undefined) return known;
    const reshaped = this.#graph.node('Reshape', [name, this.#graph.shape(shape)]);
    this.#reshaped.set(key, reshaped);
    return reshaped;
  }

  #initializer(value: TracedValue): string {
    const { name, shape, data } = value;
    if (!(data instanceof Float32Array)) {
      throw new ArgumentError(
        `exportOnnx: ${name ?? `an operand of ${this.#graph.origin}`} is float64, and ONNX's operators want float32; ` +
          "convert the model with await model.to({ dtype: 'float32' })",
      );
    }
    const initializer = name === undefined ? this.#graph.constant(shape, data) : this.#graph.weight(name, shape, data);
    this.bind(value, initializer);
    return initializer;
  }
}

/** The graph with its result called `outputName`. */
function named(graph: GraphBuilder, result: string, outputName: string): BuiltGraph {
  if (!graph.nodes.some(({ output }) => output === result)) graph.node('Identity', [result]);
  const renamed = graph.nodes.some(({ output }) => output === result) ? result : graph.nodes.at(-1)?.output;
  const rename = (name: string): string => (name === renamed ? outputName : name);
  return {
    initializers: graph.initializers,
    shapes: graph.shapes,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), output: rename(node.output) })),
  };
}
