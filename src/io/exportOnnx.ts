/**
 * @file A model as an ONNX file, which other runtimes read (https://onnx.ai).
 *
 * The model runs twice in evaluation mode, for two sizes of batch; the operations that it calls become the graph. So every
 * model can be exported whose `forward` is made of operations, however it is written.
 */
import { ArgumentError, ShapeError, shorten } from '../errors.js';
import type { FloatArray } from '../kernels/kernels.js';
import type { Module } from '../nn/module.js';
import { tensor } from '../tensor/create.js';
import { Generator } from '../tensor/generator.js';
import { type Shape, sameShape, sizeAt, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { buildGraph } from './onnx/buildGraph.js';
import { encodeOnnxModel } from './onnx/encodeOnnxModel.js';
import { type ForBatch, generalizeBatch } from './onnx/generalizeBatch.js';
import { checkedName } from './onnx/graphBuilder.js';
import { type Trace, traceModel } from './onnx/traceModel.js';
import { writeFileAtomically } from './writeFileAtomically.js';

export interface OnnxOptions {
  /**
   * Whether the first axis of the input may have any size when the graph runs; the others have the example's. Without it, the
   * first has too. Default true.
   */
  readonly dynamicBatch?: boolean | undefined;
  /** Default `input`. */
  readonly inputName?: string | undefined;
  /** Default `output`. */
  readonly outputName?: string | undefined;
  /** Strings that are stored beside the graph, such as the names of classes. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** The largest example that is tried, 256 MiB of float32: three clips of 64 frames of 320 × 320 pixels in colour. */
const MAX_EXAMPLE_SIZE = 2 ** 26;
/** Sizes of batches to compare; not 1, since an axis of size 1 may be repeated or squeezed. */
const BATCHES = [2, 3] as const;

/**
 * The bytes of an ONNX file (opset 17) that computes what `model` does in evaluation mode, in float32. Weights keep their names
 * in the state dict, which are PyTorch's; nodes are named after their modules.
 *
 *   input `[batch, …]` → output `[batch, …]`
 *
 * SoftPool and its kin have the window's maximum subtracted before exponentiating, so they are finite wherever softgrad is.
 *
 * @param example an input, or its shape: `[1, 3, 32, 32]`
 * @throws ArgumentError that names operation and module if ONNX can't express it, if `forward` depends on the input by other ways
 *   than operations, or if a name can't be written
 */
export async function exportOnnx(
  model: Module,
  example: Tensor | Shape,
  options: OnnxOptions = {},
): Promise<Uint8Array> {
  const { dynamicBatch = true, inputName = 'input', outputName = 'output', metadata = {} } = options;
  const shape = checkedShape(example instanceof Tensor ? example.shape : example, dynamicBatch);
  if (inputName === outputName)
    throw new ArgumentError(`exportOnnx: input and output are both called '${shorten(inputName)}'`);
  checkMetadata(metadata);
  const [one, two] = dynamicBatch ? BATCHES.map((batch) => [batch, ...shape.slice(1)]) : [shape, shape];
  const values = await valuesOf(example);
  // Other values, so that whatever depends on them shows.
  const others = example instanceof Tensor ? values.toReversed() : values.map((value) => -value);
  const first = await trace(model, one ?? shape, values, shape);
  const second = await trace(model, two ?? shape, others, shape);
  const build = (traced: Trace): ForBatch => ({
    graph: buildGraph(traced, { inputName, outputName }),
    batch: sizeAt(traced.input.shape, 0),
  });
  const graph = {
    name: model.constructor.name || 'model',
    ...generalizeBatch(build(first), build(second), inputName),
    input: { name: inputName, shape: sizesOf(first.input, second.input) },
    output: { name: outputName, shape: sizesOf(first.output, second.output) },
  };
  return encodeOnnxModel(graph, metadata);
}

/**
 * Writes what `exportOnnx` returns to a file, which is either the old or the whole new one at every moment.
 *
 * @throws Error that names the file if it can't be written
 */
export async function saveOnnx(
  path: string,
  model: Module,
  example: Tensor | Shape,
  options: OnnxOptions = {},
): Promise<void> {
  await writeFileAtomically('saveOnnx', path, await exportOnnx(model, example, options));
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    checkedName('metadata', key);
    if (value.isWellFormed()) continue;
    throw new ArgumentError(
      `exportOnnx: metadata '${shorten(key)}' has half of a surrogate pair, which UTF-8 can't hold`,
    );
  }
}

function checkedShape(shape: Shape, dynamicBatch: boolean): Shape {
  if (shape.length === 0 || !shape.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw new ArgumentError(
      `exportOnnx: the example must have sizes of at least 1, the batch first, got [${shape}]; pass [1, 3, 32, 32], say`,
    );
  }
  // The example itself is tried, too, where the batches fail.
  const size = dynamicBatch ? Math.max(...BATCHES, sizeAt(shape, 0)) * sizeOf(shape.slice(1)) : sizeOf(shape);
  if (size > MAX_EXAMPLE_SIZE) {
    throw new ArgumentError(
      `exportOnnx: the model is tried on ${size} values for the example [${shape}], and ${MAX_EXAMPLE_SIZE} is the limit; ` +
        'pass a smaller one',
    );
  }
  return shape;
}

/** The example's values, or random ones. */
async function valuesOf(example: Tensor | Shape): Promise<FloatArray> {
  if (example instanceof Tensor) return example.data();
  const generator = new Generator(0);
  return Float32Array.from({ length: Math.min(sizeOf(example), 2 ** 16) }, () => generator.normal());
}

/** Runs the model on `shape`, filled with `values` over and over. */
async function trace(model: Module, shape: Shape, values: FloatArray, example: Shape): Promise<Trace> {
  const [weight] = [...model.parameters(), ...model.buffers()];
  const cells = Float32Array.from({ length: sizeOf(shape) }, (_, i) => values[i % values.length] ?? 0);
  const input = tensor(cells, { shape, dtype: weight?.dtype, backend: weight?.backend });
  try {
    return await traceModel(model, input);
  } catch (cause) {
    if (sameShape(shape, example) || !(cause instanceof ShapeError)) throw cause;
    // What fails on the example itself has nothing to do with the batch.
    await trace(model, example, values, example);
    throw new ArgumentError(
      `exportOnnx: the model takes the example [${example}], but not [${shape}], a batch of ${shape[0]} (${cause.message}); ` +
        'the first axis must be the batch, or pass { dynamicBatch: false }',
      { cause },
    );
  } finally {
    input.dispose();
  }
}

/** Sizes that are the same in both, the batch's name where they are the batch's, else a name of their own. */
function sizesOf(first: { readonly shape: Shape }, second: { readonly shape: Shape }): (number | string)[] {
  return first.shape.map((size, axis) => {
    const other = second.shape[axis];
    if (size === other) return size;
    return size === BATCHES[0] && other === BATCHES[1] ? 'batch' : `size${axis}`;
  });
}
