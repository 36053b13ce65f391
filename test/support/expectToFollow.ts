/**
 * @file What it means for a training run to follow PyTorch's.
 */
import { expect } from 'vitest';
import type { BackendName } from '../../src/kernels/kernels.js';
import { type RecordedModel, runGradientTolerances, runTolerances } from '../tolerances.js';
import type { RunComparison } from './recordedRun.js';

export function expectToFollow(run: RunComparison, model: RecordedModel, backend: BackendName): void {
  const { exactSteps, apart, mean, logits, evaluation } = runTolerances[model];
  expect(run.batchError).toBeLessThan(1e-6);
  expect(run.logitsError).toBeLessThan(logits);

  const gradients = runGradientTolerances[backend];
  const errors = Object.entries(run.gradientErrors);
  for (const [name, error] of errors) expect(error, `gradient of ${name}`).toBeLessThan(gradients.worst[model]);
  const sorted = errors.map(([, error]) => error).sort((a, b) => a - b);
  expect(sorted[sorted.length >> 1]).toBeLessThan(gradients.typical);

  const differences = run.losses.map((loss, t) => loss - (run.recordedLosses[t] ?? Number.NaN));
  differences.forEach((difference, t) => {
    expect(Math.abs(difference), `loss of step ${t}`).toBeLessThan(t < exactSteps ? 1e-3 : apart);
  });
  expect(Math.abs(differences.reduce((total, value) => total + value, 0) / differences.length)).toBeLessThan(mean);
  if (run.evaluationError !== undefined) expect(run.evaluationError).toBeLessThan(evaluation);
}
