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
 * What "follows PyTorch" can mean in float32. A relu whose input is about 0 may be on in one computation and off in another; in
 * a deep network that happens somewhere in the first steps, shifts single gradients by up to 2 %, and training magnifies it.
 * PyTorch 1.13 itself, on two threads instead of the fixtures' one, departs from them by 9e-3 in the losses of resnet8 and by
 * 0.4 in those of resnet20 (its float64 by 3e-2 and 0.5, with step-0 gradients off by 2e-2). So the tight bounds hold where no
 * relu has flipped, the wide ones beyond. On wasm Winograd's F(4×4, 3×3) rounds a little more, so a few more relus flip.
 */
const bounds = {
  /** Relative to the largest value of the tensor. */
  logits: 1e-4,
  gradient: {
    reference: { typical: 1e-4, worst: { resnet8: 1e-4, resnet20: 5e-2 } },
    wasm: { typical: 2e-3, worst: { resnet8: 5e-3, resnet20: 5e-2 } },
  },
  /** Steps in which losses agree to 1e-3; how far apart they may be in any step, and on average. */
  losses: {
    resnet8: { exactSteps: 4, apart: 5e-2, mean: 5e-3 },
    resnet20: { exactSteps: 1, apart: 1.5, mean: 0.15 },
  },
  evaluation: { resnet8: 0.25, resnet20: Number.POSITIVE_INFINITY },
} as const;

/**
 * Plain loops take a second or more per step of resnet8, so there the runs stop early unless SOFTGRAD_SLOW_TESTS is set; the
 * other backends, which agree with the reference set kernel by kernel, go all the way.
 */
const stepsOf = (backend: BackendName, blocks: number): number => {
  if (backend !== 'reference' || process.env.SOFTGRAD_SLOW_TESTS) return 20;
  return blocks === 1 ? 2 : 1;
};

const runs = backends()
  .filter((backend): backend is 'reference' | 'wasm' => backend !== 'gpu')
  .flatMap((backend) =>
    [1, 3].flatMap((blocks) =>
      ['soft', 'max', 'avg'].map((pool) => ({
        backend,
        pool,
        blocks,
        model: blocks === 1 ? ('resnet8' as const) : ('resnet20' as const),
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
      const read = fixtureReader(`${name}-${pool}`, backend);
      const model = await new ResNet(blocks, { pool }).to(backend);
      const initial = read.names
        .filter((key) => key.startsWith('init.'))
        .map((key) => [key.slice(5), read.tensor(key)]);
      model.loadStateDict(Object.fromEntries(initial));
      const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
      const losses: number[] = [];
      for (let t = 0; t < steps; t++) {
        const { x: made, labels } = batch(read, t, backend);
        // The stored input, to the last bit: another rounding of the sine is enough to flip a relu.
        const x = t === 0 ? read.tensor('step0.x') : made;
        if (t === 0) expect(worstError(await made.data(), read.values('step0.x'))).toBeLessThan(1e-6);
        const { loss, logits } = scope(() => {
          const output = model.forward(x);
          const cost = crossEntropy(output, labels);
          cost.backward();
          return { loss: cost.detach(), logits: output.detach() };
        });
        losses.push(await loss.item());
        if (t === 0) {
          expect(worstError(await logits.data(), read.values('step0.logits'))).toBeLessThan(bounds.logits);
          const errors: number[] = [];
          for (const [key, parameter] of model.namedParameters()) {
            errors.push(worstError(await parameter.grad!.data(), read.values(`step0.grad.${key}`)));
            expect(errors.at(-1), `gradient of ${key}`).toBeLessThan(bounds.gradient[backend].worst[name]);
          }
          expect(errors.sort((a, b) => a - b)[errors.length >> 1]).toBeLessThan(bounds.gradient[backend].typical);
        }
        optimizer.step();
        optimizer.zeroGrad();
      }
      const expected = Array.from(read.values('losses')).slice(0, steps);
      const { exactSteps, apart, mean } = bounds.losses[name];
      const differences = losses.map((loss, t) => loss - expected[t]!);
      differences.forEach((difference, t) => {
        expect(Math.abs(difference), `loss of step ${t}`).toBeLessThan(t < exactSteps ? 1e-3 : apart);
      });
      expect(Math.abs(differences.reduce((total, value) => total + value, 0) / steps)).toBeLessThan(mean);
      if (steps < 20) return;
      const { x } = batch(read, steps - 1, backend);
      const evaluated = scope(() => noGrad(() => model.eval().forward(x)));
      expect(worstError(await evaluated.data(), read.values('final.evalLogits'))).toBeLessThan(bounds.evaluation[name]);
    });
  },
);
