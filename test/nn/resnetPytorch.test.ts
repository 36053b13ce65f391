import { describe, test } from 'vitest';
import '../../src/backends.js';
import { loadBackend } from '../../src/tensor/activeBackend.js';
import { expectToFollow } from '../support/expectToFollow.js';
import { readFixture } from '../support/readFixture.js';
import { RECORDED_STEPS, repeatRun } from '../support/recordedRun.js';
import type { RecordedModel } from '../tolerances.js';

/**
 * Plain loops take seconds per step, so there the runs stop early, and resnet20 makes one with one pooling, unless
 * SOFTGRAD_SLOW_TESTS is set; the other backends, which agree with the reference set kernel by kernel, go all the way.
 */
const stepsOf = (backend: 'reference' | 'wasm', model: RecordedModel): number => {
  if (backend !== 'reference' || process.env.SOFTGRAD_SLOW_TESTS) return RECORDED_STEPS;
  return { 'resnet8 8×8': 5, resnet8: 2, resnet20: 1 }[model];
};

const poolsOf = (backend: 'reference' | 'wasm', model: RecordedModel): readonly string[] =>
  backend === 'reference' && model === 'resnet20' && !process.env.SOFTGRAD_SLOW_TESTS
    ? ['soft']
    : ['soft', 'max', 'avg'];

const runs = (['wasm', 'reference'] as const).flatMap((backend) => [
  { backend, model: 'resnet8 8×8' as const, file: 'resnet8-soft-8x8' },
  ...(['resnet8', 'resnet20'] as const).flatMap((model) =>
    poolsOf(backend, model).map((pool) => ({ backend, model, file: `${model}-${pool}` })),
  ),
]);

describe.each(runs.map((run) => [`${run.file} on ${run.backend}`, run] as const))(
  '%s',
  (_, { backend, model, file }) => {
    const steps = stepsOf(backend, model);
    test(`follows PyTorch through ${steps} training steps`, { timeout: 300_000 }, async () => {
      await loadBackend(backend);
      expectToFollow(await repeatRun(readFixture(file), { backend, steps }), model, backend);
    });
  },
);
