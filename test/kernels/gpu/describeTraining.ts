/**
 * @file Training runs that PyTorch recorded, repeated in a mode of the gpu set: whole steps, from uploads to the optimiser.
 */
import { describe, test } from 'vitest';
import { setBackend } from '../../../src/index.js';
import type { SafetensorsContents } from '../../../src/io/parseSafetensors.js';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import { expectToFollow } from '../../support/expectToFollow.js';
import { RECORDED_STEPS, repeatRun } from '../../support/recordedRun.js';
import type { RecordedModel } from '../../tolerances.js';

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
  /** Whether pictures of 32 × 32 pixels, too, which take minutes where a CPU stands for the GPU. */
  readonly withLarge: boolean;
}

export function describeTraining(mode: GpuMode, { read, withLarge }: TrainingOptions): void {
  describe(`training on gpu ${mode}`, () => {
    for (const { model, file } of withLarge ? [small, ...large] : [small]) {
      const body = async (): Promise<void> => {
        await setBackend('gpu', { mode });
        const run = await repeatRun(await read(file), { backend: 'gpu', steps: RECORDED_STEPS });
        await setBackend('wasm');
        expectToFollow(run, model, 'gpu');
      };
      test(`follows PyTorch through ${RECORDED_STEPS} steps of ${file}`, body, TIME_LIMIT);
    }
  });
}
