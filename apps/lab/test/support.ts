/**
 * @file What the lab's tests share: the command line as a process of its own, and studies made of plain numbers.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { compareRuns, conclusion } from '../src/study/comparisons.js';
import { planRuns } from '../src/study/runPlan.js';
import { encodePredictions, type RunResult } from '../src/study/runResult.js';
import type { FinishedStudy } from '../src/study/runStudy.js';
import type { StudySettings } from '../src/study/settings.js';
import { StudyFolder } from '../src/study/studyFolder.js';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `softgrad …words` from the sources, in the project's root, so that no build can be stale. */
export function softgrad(...words: string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'apps/lab/src/main.ts', ...words], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** An empty folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'softgrad-lab-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const settings: StudySettings = {
  data: 'shapes',
  model: 'smallCnn',
  pools: ['soft', 'max', 'avg'],
  baseline: 'max',
  seeds: [0, 1, 2],
  epochs: 1,
  batchSize: 8,
  optimizer: 'sgd',
  lr: 0.1,
  weightDecay: 5e-4,
  schedule: 'oneCycle',
  labelSmoothing: 0,
  augment: ['crop', 'flip'],
};

const CLASSES = ['even', 'odd'] as const;
const IMAGES = 1000;
const LABELS = Int32Array.from({ length: IMAGES }, (_, i) => i % 2);

/** A run that got the first images right, as many as `accuracy` says. */
export function runResult(pool: string, seed: number, accuracy: number): RunResult {
  const epoch = { loss: 1.5, accuracy: 0.5, testLoss: 1.25, testAccuracy: accuracy, lr: 0.1 };
  const predictions = LABELS.map((label, i) => (i < accuracy * IMAGES ? label : 1 - label));
  const counts = (label: number, predicted: number): number =>
    LABELS.filter((value, i) => value === label && predictions[i] === predicted).length;
  const confusion = [0, 1].map((label) => [0, 1].map((predicted) => counts(label, predicted)));
  const classAccuracy = confusion.map((row, label) => row[label]! / (IMAGES / 2));
  return {
    ...{ pool, seed, epochs: [epoch], parameters: 24346, multiplyAdds: 2802304 },
    test: { loss: 1.25, accuracy, classAccuracy, confusion, predictions: encodePredictions(predictions) },
  };
}

/** A study with one list of test accuracies per pooling, seed by seed; a run is missing where there is none. */
export function studyOf(
  accuracies: Readonly<Record<string, readonly (number | undefined)[]>>,
  baseline = 'max',
): FinishedStudy {
  const pools = Object.keys(accuracies);
  const seeds = Array.from(Object.values(accuracies)[0] ?? [], (_, seed) => seed);
  const plans = planRuns({ pools, seeds });
  const runs = plans.flatMap((plan) => {
    const accuracy = accuracies[plan.pool]?.[plan.seed];
    if (accuracy === undefined) return [];
    const folder = StudyFolder.runName(plan);
    return [{ ...runResult(plan.pool, plan.seed, accuracy), folder, weights: `${folder}/weights.safetensors` }];
  });
  const timing = { seconds: 2, millisecondsPerStep: 12.25, peakTensorBytes: 54_200_000 };
  const own = { ...settings, pools, baseline, seeds };
  const data = {
    ...{ name: 'parity', trainImages: 4000, testImages: IMAGES, classes: [...CLASSES], shape: [1, 8, 8] },
    testLabels: encodePredictions(LABELS),
  };
  const comparisons = compareRuns({ settings: own, data, runs });
  return {
    study: {
      ...{ format: 'softgrad-study', version: 2, softgrad: '0', arithmetic: 'wasm simd', settings: own, data, runs },
      ...{ comparisons, conclusion: conclusion(comparisons, baseline), complete: runs.length === plans.length },
    },
    timing: {
      ...{ format: 'softgrad-timing', version: 1 },
      environment: { node: 'v20', backend: 'wasm', platform: 'linux x64', cpu: 'some', cores: 2 },
      runs: runs.map(({ pool, seed }) => ({ pool, seed, epochs: [timing] })),
    },
  };
}
