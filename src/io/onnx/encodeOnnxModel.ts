/**
 * @file The part of ONNX (https://onnx.ai/onnx/repo-docs/IR.html) that is written here, and its encoding as a protocol buffer.
 *
 * A graph is a list of nodes that name their inputs and outputs; initialisers are its weights and constants.
 */
import { ArgumentError } from '../../errors.js';
import type { Shape } from '../../tensor/shape.js';
import { ProtobufWriter } from './protobufWriter.js';

/** The version of the operator set; every runtime of 2022 and later has it. */
export const OPSET = 17;
/** The version of the file format that came with it. */
const IR_VERSION = 8;
/** Protocol buffers end here. */
const MAX_BYTES = 2 ** 31 - 1;

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number };

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** Empty for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A weight or a constant: float32, or int64 for shapes, axes and indices. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array | BigInt64Array;
}

/** A graph's input or output; a string names a size that is known only when it runs. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly input: OnnxValue;
  readonly output: OnnxValue;
}

/** Numbers of the fields in onnx.proto. */
const FIELDS = {
  model: { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadata: 14 },
  opset: { version: 2 },
  metadata: { key: 1, value: 2 },
  graph: { node: 1, name: 2, initializer: 5, input: 11, output: 12 },
  node: { input: 1, output: 2, name: 3, opType: 4, attribute: 5 },
  attribute: { name: 1, float: 2, int: 3, ints: 8, type: 20 },
  tensor: { dims: 1, dataType: 2, name: 8, rawData: 9 },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { elementType: 1, shape: 2 },
  shape: { dimension: 1 },
  dimension: { value: 1, parameter: 2 },
} as const;

const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 } as const;
const DATA_TYPE = { float32: 1, int64: 7 } as const;

/**
 * The bytes of an ONNX file.
 *
 * @throws ArgumentError if they are more than a protocol buffer may have, 2 GiB
 */
export function encodeOnnxModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const { model, opset, metadata: entry } = FIELDS;
  const writer = new ProtobufWriter()
    .int(model.irVersion, IR_VERSION)
    .string(model.producerName, 'softgrad')
    .message(model.graph, (inner) => writeGraph(inner, graph))
    .message(model.opsetImport, (inner) => inner.int(opset.version, OPSET));
  for (const [key, value] of Object.entries(metadata)) {
    writer.message(model.metadata, (inner) => inner.string(entry.key, key).string(entry.value, value));
  }
  if (writer.length > MAX_BYTES) {
    throw new ArgumentError(
      `exportOnnx: the model takes ${writer.length} bytes, and an ONNX file in one piece at most ${MAX_BYTES}`,
    );
  }
  return writer.finish();
}

function writeGraph(writer: ProtobufWriter, { name, nodes, initializers, input, output }: OnnxGraph): void {
  const fields = FIELDS.graph;
  for (const node of nodes) writer.message(fields.node, (inner) => writeNode(inner, node));
  writer.string(fields.name, name);
  for (const tensor of initializers) writer.message(fields.initializer, (inner) => writeTensor(inner, tensor));
  writer.message(fields.input, (inner) => writeValue(inner, input));
  writer.message(fields.output, (inner) => writeValue(inner, output));
}

function writeNode(writer: ProtobufWriter, { name, opType, inputs, output, attributes }: OnnxNode): void {
  const fields = FIELDS.node;
  for (const input of inputs) writer.string(fields.input, input);
  writer.string(fields.output, output).string(fields.name, name).string(fields.opType, opType);
  for (const [key, attribute] of Object.entries(attributes)) {
    writer.message(fields.attribute, (inner) => writeAttribute(inner, key, attribute));
  }
}

function writeAttribute(writer: ProtobufWriter, name: string, attribute: OnnxAttribute): void {
  const fields = FIELDS.attribute;
  writer.string(fields.name, name);
  if ('float' in attribute) writer.float(fields.float, attribute.float).int(fields.type, ATTRIBUTE_TYPE.float);
  else if ('int' in attribute) writer.int(fields.int, attribute.int).int(fields.type, ATTRIBUTE_TYPE.int);
  else {
    for (const value of attribute.ints) writer.int(fields.ints, value);
    writer.int(fields.type, ATTRIBUTE_TYPE.ints);
  }
}

function writeTensor(writer: ProtobufWriter, { name, shape, data }: OnnxTensor): void {
  const fields = FIELDS.tensor;
  for (const size of shape) writer.int(fields.dims, size);
  const type = data instanceof Float32Array ? DATA_TYPE.float32 : DATA_TYPE.int64;
  // Typed arrays have the machine's byte order; every engine in use runs little-endian, which is ONNX's order too.
  writer.int(fields.dataType, type).string(fields.name, name);
  writer.bytes(fields.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue(writer: ProtobufWriter, { name, shape }: OnnxValue): void {
  const { value, type, tensorType, shape: sizes, dimension } = FIELDS;
  writer.string(value.name, name).message(value.type, (inner) =>
    inner.message(type.tensor, (tensor) =>
      tensor.int(tensorType.elementType, DATA_TYPE.float32).message(tensorType.shape, (list) => {
        for (const size of shape) {
          list.message(sizes.dimension, (item) =>
            typeof size === 'number' ? item.int(dimension.value, size) : item.string(dimension.parameter, size),
          );
        }
      }),
    ),
  );
}
