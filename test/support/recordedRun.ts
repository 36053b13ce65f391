/**
 * @file A training run that PyTorch recorded (test/fixtures/resnet*.safetensors), repeated by softgrad. It runs in a browser, too.
 */
import type { SafetensorsContents } from '../../src/io/parseSafetensors.js';
import type { BackendName } from '../../src/kernels/kernels.js';
import { ResNet } from '../../src/nn/models/resnet.js';
import { crossEntropy } from '../../src/ops/index.js';
import { SGD } from '../../src/optim/index.js';
import { tensor } from '../../src/tensor/create.js';
import { noGrad } from '../../src/tensor/gradMode.js';
import { scope } from '../../src/tensor/scope.js';
import { type Shape, sizeOf } from '../../src/tensor/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** Steps that PyTorch recorded. */
export const RECORDED_STEPS = 20;

export interface RunOptions {
  /** It must have been loaded. */
  readonly backend: BackendName;
  readonly steps: number;
}

/** Errors are relative to the largest value of the tensor. */
export interface RunComparison {
  readonly losses: readonly number[];
  readonly recordedLosses: readonly number[];
  /** Of the first batch, which is made by a formula. */
  readonly batchError: number;
  readonly logitsError: number;
  /** By the names of the parameters. */
  readonly gradientErrors: Readonly<Record<string, number>>;
  /** After the last recorded step, if the run went so far. */
  readonly evaluationError: number | undefined;
}

/** Trains with the recorded weights and batches, and compares the first step, all losses and the trained network. */
export async function repeatRun(contents: SafetensorsContents, options: RunOptions): Promise<RunComparison> {
  const { backend, steps } = options;
  const record = new Recording(contents, backend);
  // 1 block per stage in resnet8, 3 in resnet20.
  const { n: blocks, pool } = contents.metadata;
  const model = await new ResNet(Number(blocks), { pool }).to(backend);
  const initial = record.initialState();
  model.loadStateDict(initial);
  for (const value of Object.values(initial)) value.dispose();
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
  const losses: number[] = [];
  let first = { batchError: Number.NaN, logitsError: Number.NaN, gradientErrors: {} };
  for (let t = 0; t < steps; t++) {
    const made = record.batch(t);
    // The stored input, to the last bit: another rounding of the sine is enough to flip a relu.
    const x = t === 0 ? record.tensor('step0.x') : made;
    const { loss, logits } = scope(() => {
      const output = model.forward(x);
      const cost = crossEntropy(output, record.labels(t));
      cost.backward();
      return { loss: cost.detach(), logits: output.detach() };
    });
    losses.push(await loss.item());
    if (t === 0) {
      const gradientErrors: Record<string, number> = {};
      for (const [key, { grad }] of model.namedParameters()) {
        gradientErrors[key] = grad ? await record.error(grad, `step0.grad.${key}`) : Number.NaN;
      }
      const batchError = await record.error(made, 'step0.x');
      first = { batchError, logitsError: await record.error(logits, 'step0.logits'), gradientErrors };
    }
    optimizer.step();
    optimizer.zeroGrad();
    for (const used of new Set([made, x, loss, logits])) used.dispose();
  }
  const recordedLosses = Array.from(record.values('losses')).slice(0, steps);
  const trained = await evaluationError(model, record, steps);
  model.dispose();
  optimizer.dispose();
  return { losses, recordedLosses, ...first, evaluationError: trained };
}

async function evaluationError(model: ResNet, record: Recording, steps: number): Promise<number | undefined> {
  if (steps < RECORDED_STEPS) return undefined;
  const evaluated = scope(() => noGrad(() => model.eval().forward(record.batch(steps - 1))));
  const error = await record.error(evaluated, 'final.evalLogits');
  evaluated.dispose();
  return error;
}

class Recording {
  readonly #contents: SafetensorsContents;
  readonly #backend: BackendName;
  /** Of a batch: `[N, 3, side, side]`. */
  readonly #shape: Shape;

  constructor(contents: SafetensorsContents, backend: BackendName) {
    this.#contents = contents;
    this.#backend = backend;
    this.#shape = contents.tensors.get('step0.x')?.shape ?? [];
  }

  values(key: string): Float32Array {
    const data = this.#contents.tensors.get(key)?.data;
    if (!data) throw new Error(`no tensor ${key} was recorded`);
    return Float32Array.from(data, Number);
  }

  tensor(key: string): Tensor {
    const shape = this.#contents.tensors.get(key)?.shape ?? [];
    return tensor(this.values(key), { shape, backend: this.#backend });
  }

  initialState(): Record<string, Tensor> {
    const names = [...this.#contents.tensors.keys()].filter((key) => key.startsWith('init.'));
    return Object.fromEntries(names.map((key) => [key.slice('init.'.length), this.tensor(key)]));
  }

  /** x[b, c, i, j] = sin(phase[t, b, c] + i·u[t, b] + j·v[t, b]) */
  batch(t: number): Tensor {
    const [phase, u, v] = ['phase', 'u', 'v'].map((name) => this.values(`batch.${name}`));
    const [batch = 0, channels = 0, , side = 0] = this.#shape;
    const x = Float32Array.from({ length: sizeOf(this.#shape) }, (_, at) => {
      const [j, row] = [at % side, Math.floor(at / side)];
      const [i, plane] = [row % side, Math.floor(row / side)];
      const [c, b] = [plane % channels, t * batch + Math.floor(plane / channels)];
      // PyTorch rounded the angle to float32 after every operation, which is visible in its sine.
      const angle = Math.fround(phase![b * channels + c]! + Math.fround(i * u![b]!));
      return Math.sin(Math.fround(angle + Math.fround(j * v![b]!)));
    });
    return tensor(x, { shape: this.#shape, backend: this.#backend });
  }

  labels(t: number): Int32Array {
    const [batch = 0] = this.#shape;
    return Int32Array.from(this.values('batch.labels').slice(t * batch, (t + 1) * batch));
  }

  async error(actual: Tensor, key: string): Promise<number> {
    const [values, expected] = [await actual.data(), this.values(key)];
    if (values.length !== expected.length) throw new Error(`${key}: ${values.length} values of ${expected.length}`);
    let [error, scale] = [0, 1e-6];
    expected.forEach((value, i) => {
      error = Math.max(error, Math.abs(values[i]! - value));
      scale = Math.max(scale, Math.abs(value));
    });
    return error / scale;
  }
}
