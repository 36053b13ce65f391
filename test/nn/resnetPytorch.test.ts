import { describe, test } from 'vitest';
import '../../src/backends.js';
import { loadBackend } from '../../src/tensor/activeBackend.js';
import { expectToFollow } from '../support/expectToFollow.js';
import { readFixture } from '../support/readFixture.js';
import { RECORDED_STEPS, repeatRun } from '../support/recordedRun.js';

/**
 * Plain loops take seconds per step, so there the runs stop early, and resnet20 makes one with one pooling, unless
 * SOFTGRAD_SLOW_TESTS is set; the other backends, which agree with the reference set kernel by kernel, go all the way.
 */
const stepsOf = (backend: 'reference' | 'wasm', blocks: number): number => {
  if (backend !== 'reference' || process.env.SOFTGRAD_SLOW_TESTS) return RECORDED_STEPS;
  return blocks === 1 ? 2 : 1;
};

const poolsOf = (backend: 'reference' | 'wasm', blocks: number): readonly string[] =>
  backend === 'reference' && blocks > 1 && !process.env.SOFTGRAD_SLOW_TESTS ? ['soft'] : ['soft', 'max', 'avg'];

const runs = (['wasm', 'reference'] as const).flatMap((backend) =>
  [1, 3].flatMap((blocks) =>
    poolsOf(backend, blocks).map((pool) => ({
      backend,
      pool,
      blocks,
      model: blocks === 1 ? ('resnet8' as const) : ('resnet20' as const),
      steps: stepsOf(backend, blocks),
    })),
  ),
);

describe.each(runs.map((run) => [`${run.model} with ${run.pool} pooling on ${run.backend}`, run] as const))(
  '%s',
  (_, { backend, blocks, model, pool, steps }) => {
    test(`follows PyTorch through ${steps} training steps`, { timeout: 300_000 }, async () => {
      await loadBackend(backend);
      const contents = readFixture(`${model}-${pool}`);
      expectToFollow(await repeatRun(contents, { blocks, pool, backend, steps }), model, backend);
    });
  },
);
