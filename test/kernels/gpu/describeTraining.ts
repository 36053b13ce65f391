/**
 * @file Training in a mode of the gpu set, whole steps from uploads to the optimiser: it follows the runs that PyTorch recorded,
 * and stays on the device.
 */
import { describe, expect, test } from 'vitest';
import { crossEntropy, Generator, randn, scope, setBackend } from '../../../src/index.js';
import type { SafetensorsContents } from '../../../src/io/parseSafetensors.js';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import type { GpuCounters } from '../../../src/kernels/gpu/gpuRuntime.js';
import { Conv } from '../../../src/nn/conv.js';
import { resnet8 } from '../../../src/nn/models/resnet.js';
import { SGD } from '../../../src/optim/index.js';
import { expectToFollow } from '../../support/expectToFollow.js';
import { RECORDED_STEPS, repeatRun } from '../../support/recordedRun.js';
import type { RecordedModel } from '../../tolerances.js';
import { gpuKernelsOf } from './describeGpuKernels.js';

const TIME_LIMIT = 1_800_000;

interface Run {
  readonly model: RecordedModel;
  readonly file: string;
}

const small: Run = { model: 'resnet8 8×8', file: 'resnet8-soft-8x8' };
const large = ['soft', 'max', 'avg'].map((pool): Run => ({ model: 'resnet8', file: `resnet8-${pool}` }));

export interface TrainingOptions {
  /** Reads a file of test/fixtures. */
  readonly read: (file: string) => SafetensorsContents | Promise<SafetensorsContents>;
  /** Whether to train for long, and on pictures of 32 × 32 pixels, which takes minutes where a CPU stands for the GPU. */
  readonly isThorough: boolean;
}

export function describeTraining(mode: GpuMode, { read, isThorough }: TrainingOptions): void {
  describe(`training on gpu ${mode}`, () => {
    for (const { model, file } of isThorough ? [small, ...large] : [small]) {
      const body = async (): Promise<void> => {
        await setBackend('gpu', { mode });
        const run = await repeatRun(await read(file), { backend: 'gpu', steps: RECORDED_STEPS });
        await setBackend('wasm');
        expectToFollow(run, model, 'gpu');
      };
      test(`follows PyTorch through ${RECORDED_STEPS} steps of ${file}`, body, TIME_LIMIT);
    }
    test('stays on the device', () => expectResidence(mode, isThorough ? 200 : 6), TIME_LIMIT);
  });
}

/** Steps after which momentum, running statistics and idle buffers are what they stay. */
const FIRST_STEPS = 2;

/** Trains resnet8 with soft pooling, and counts what each step did to the device. */
async function expectResidence(mode: GpuMode, steps: number): Promise<void> {
  const { counters } = (await gpuKernelsOf(mode)).runtime;
  await setBackend('gpu', { mode });
  const generator = new Generator(1);
  const model = resnet8({ pool: 'soft', generator });
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 });
  const [x, labels] = [randn([8, 3, 8, 8], { generator }), [0, 1, 2, 3, 4, 5, 6, 7]];
  const history: GpuCounters[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = scope(() => {
      const cost = crossEntropy(model.forward(x), labels);
      cost.backward();
      return cost.detach();
    });
    optimizer.step();
    optimizer.zeroGrad();
    expect(await loss.item()).toBeLessThan(3);
    loss.dispose();
    history.push({ ...counters });
  }
  await setBackend('wasm');
  for (const owner of [model, optimizer, x]) owner.dispose();
  expect(counters).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
  expectConstant(history.slice(FIRST_STEPS));
  const convolutions = model.modules().filter((module) => module instanceof Conv).length;
  expect(convolutions).toBe(9);
  const [last, secondLast] = [history.at(-1), history.at(-2)];
  const dispatches = (last?.dispatches ?? Number.NaN) - (secondLast?.dispatches ?? Number.NaN);
  // Of the whole step, from the stem to the update: in modes that return several results of a kernel one by one some more.
  if (mode === 'webgpu') expect(dispatches).toBeLessThanOrEqual(12 * convolutions);
}

/**
 * The same number of dispatches in every step, one value read back, and no buffer more than before. There may be fewer: what
 * earlier tests dropped, the garbage collector frees when it likes.
 */
function expectConstant(history: readonly GpuCounters[]): void {
  const [first, second] = history;
  if (!first || !second) throw new RangeError('too few steps');
  const dispatches = second.dispatches - first.dispatches;
  history.forEach((counters, i) => {
    expect(counters.dispatches).toBe(first.dispatches + i * dispatches);
    expect(counters.readbacks).toBe(first.readbacks + i);
    const { liveBuffers, liveBytes } = history[i - 1] ?? first;
    expect(counters.liveBuffers).toBeLessThanOrEqual(liveBuffers);
    expect(counters.liveBytes).toBeLessThanOrEqual(liveBytes);
  });
}
