/**
 * @file Running ONNX files in onnxruntime, the reference implementation, and comparing with softgrad.
 */
import * as onnx from 'onnxruntime-web';
import { expect } from 'vitest';
import { exportOnnx, type OnnxOptions } from '../../src/io/exportOnnx.js';
import { Module } from '../../src/nn/module.js';
import { tensor } from '../../src/tensor/create.js';
import { noGrad } from '../../src/tensor/gradMode.js';
import { scope } from '../../src/tensor/scope.js';
import { type Shape, sizeOf } from '../../src/tensor/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { onnxTolerance } from '../tolerances.js';
import { expectClose } from './closeness.js';

onnx.env.wasm.numThreads = 1;

/** A model that is a function. */
export class Computation extends Module {
  readonly #compute: (x: Tensor) => Tensor;

  constructor(compute: (x: Tensor) => Tensor) {
    super();
    this.#compute = compute;
  }

  override forward(x: Tensor): Tensor {
    return this.#compute(x);
  }
}

export interface OnnxResult {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What the file computes. Loading it checks every node, shape and type. */
export async function runOnnx(bytes: Uint8Array, data: Float32Array, shape: Shape): Promise<OnnxResult> {
  const session = await onnx.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  try {
    const [input = ''] = session.inputNames;
    const [output = ''] = session.outputNames;
    const results = await session.run({ [input]: new onnx.Tensor('float32', data, shape) });
    const result = results[output];
    if (!(result?.data instanceof Float32Array)) throw new Error(`the output is ${result?.type}, not float32`);
    return { shape: result.dims, data: result.data };
  } finally {
    await session.release();
  }
}

/** Exports `model` for inputs of x's shape, and expects the file to compute what the model does. */
export async function expectSameInOnnx(
  model: Module,
  x: { readonly shape: Shape; readonly data: ArrayLike<number> },
  options: OnnxOptions & { readonly example?: Shape } = {},
): Promise<OnnxResult> {
  expect(x.data.length).toBe(sizeOf(x.shape));
  const data = Float32Array.from(x.data);
  const expected = scope(() => noGrad(() => model.eval().forward(tensor(data, { shape: x.shape }))));
  const values = await expected.data();
  const actual = await runOnnx(await exportOnnx(model, options.example ?? x.shape, options), data, x.shape);
  expect(actual.shape).toEqual(expected.shape);
  expected.dispose();
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const { rtol, atol } = onnxTolerance;
  expectClose(actual.data, values, { rtol, atol: atol * Math.max(1, largest / 100) }, 'output');
  return actual;
}
