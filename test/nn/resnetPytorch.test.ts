import { describe, expect, test } from 'vitest';
import { ResNet } from '../../src/nn/models/resnet.js';
import '../../src/backends.js';
import type { BackendName } from '../../src/kernels/kernels.js';
import { crossEntropy } from '../../src/ops/index.js';
import { SGD } from '../../src/optim/index.js';
import { backends, loadBackend } from '../../src/tensor/activeBackend.js';
import { tensor } from '../../src/tensor/create.js';
import { noGrad } from '../../src/tensor/gradMode.js';
import { scope } from '../../src/tensor/scope.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { readFixture } from '../support/readFixture.js';

/**
 * Largest error allowed, relative to the largest expected value of the tensor. float32 sums in another order differ by about
 * 1e-6 per layer, and training multiplies that by about ten in 20 steps.
 */
const tolerances: Record<BackendName, { step0: number; losses: number; final: number }> = {
  reference: { step0: 1e-4, losses: 1e-3, final: 1e-2 },
  wasm: { step0: 1e-4, losses: 2e-3, final: 2e-2 },
  gpu: { step0: 1e-4, losses: 5e-3, final: 5e-2 },
};

/**
 * Plain loops take a second or more per step of resnet8, so there the runs stop early unless SOFTGRAD_SLOW_TESTS is set; the
 * other backends, which agree with the reference set kernel by kernel, go all the way.
 */
const stepsOf = (backend: BackendName, blocks: number): number => {
  if (backend !== 'reference' || process.env.SOFTGRAD_SLOW_TESTS) return 20;
  return blocks === 1 ? 5 : 1;
};

const runs = backends()
  .filter((backend) => backend !== 'gpu')
  .flatMap((backend) =>
    [1, 3].flatMap((blocks) =>
      ['soft', 'max', 'avg'].map((pool) => ({
        backend,
        pool,
        blocks,
        model: `resnet${6 * blocks + 2}`,
        steps: stepsOf(backend, blocks),
      })),
    ),
  );

function fixtureReader(name: string, backend: BackendName) {
  const { tensors } = readFixture(name);
  const values = (key: string): ArrayLike<number> => {
    const entry = tensors.get(key);
    if (!entry) throw new Error(`no tensor ${key} in ${name}`);
    return entry.data as Float32Array;
  };
  return {
    names: [...tensors.keys()],
    values,
    tensor: (key: string): Tensor =>
      tensor(Float32Array.from(values(key)), { shape: tensors.get(key)?.shape ?? [], backend }),
  };
}

/** Batch t of the fixture: x[b, c, i, j] = sin(phase[t, b, c] + i·u[t, b] + j·v[t, b]). */
function batch(read: ReturnType<typeof fixtureReader>, t: number, backend: BackendName) {
  const [phase, u, v, labels] = ['phase', 'u', 'v', 'labels'].map((name) => read.values(`batch.${name}`));
  const x = new Float32Array(16 * 3 * 32 * 32);
  for (let at = 0; at < x.length; at++) {
    const [j, i, c, b] = [at % 32, (at >> 5) % 32, (at >> 10) % 3, Math.floor(at / 3072)];
    // PyTorch rounded the angle to float32 after every operation, which is visible in its sine.
    const row = Math.fround(phase![(t * 16 + b) * 3 + c]! + Math.fround(i * u![t * 16 + b]!));
    x[at] = Math.sin(Math.fround(row + Math.fround(j * v![t * 16 + b]!)));
  }
  return {
    x: tensor(x, { shape: [16, 3, 32, 32], backend }),
    labels: Int32Array.from({ length: 16 }, (_, b) => labels![t * 16 + b]!),
  };
}

function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [error, scale] = [0, 1e-6];
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return error / scale;
}

describe.each(runs.map((run) => [`${run.model} with ${run.pool} pooling on ${run.backend}`, run] as const))(
  '%s',
  (_, { backend, blocks, model: name, pool, steps }) => {
    test(`follows PyTorch through ${steps} training steps`, { timeout: 300_000 }, async () => {
      await loadBackend(backend);
      const tolerance = tolerances[backend];
      const read = fixtureReader(`${name}-${pool}`, backend);
      const model = await new ResNet(blocks, { pool }).to(backend);
      const initial = read.names
        .filter((key) => key.startsWith('init.'))
        .map((key) => [key.slice(5), read.tensor(key)]);
      model.loadStateDict(Object.fromEntries(initial));
      const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
      const losses: number[] = [];
      for (let t = 0; t < steps; t++) {
        const { x, labels } = batch(read, t, backend);
        if (t === 0) expect(worstError(await x.data(), read.values('step0.x'))).toBeLessThan(1e-6);
        const { loss, logits } = scope(() => {
          const output = model.forward(x);
          const cost = crossEntropy(output, labels);
          cost.backward();
          return { loss: cost.detach(), logits: output.detach() };
        });
        losses.push(await loss.item());
        if (t === 0) {
          expect(worstError(await logits.data(), read.values('step0.logits'))).toBeLessThan(tolerance.step0);
          for (const [key, parameter] of model.namedParameters()) {
            const error = worstError(await parameter.grad!.data(), read.values(`step0.grad.${key}`));
            expect(error, `gradient of ${key}`).toBeLessThan(tolerance.step0);
          }
        }
        optimizer.step();
        optimizer.zeroGrad();
      }
      const expected = Array.from(read.values('losses')).slice(0, steps);
      if (process.env.SHOW)
        console.log(name, pool, backend, losses.map((l, t) => Math.abs(l - expected[t]!).toExponential(1)).join(' '));
      losses.forEach((loss, t) => {
        expect(Math.abs(loss - expected[t]!), `loss of step ${t}`).toBeLessThan(tolerance.losses);
      });
      if (steps < expected.length) return;
      const { x } = batch(read, 0, backend);
      const evaluated = scope(() => noGrad(() => model.eval().forward(x)));
      expect(worstError(await evaluated.data(), read.values('final.evalLogits'))).toBeLessThan(tolerance.final);
    });
  },
);
