/**
 * @file What the lab's tests share: the command line as a process of its own, and studies made of plain numbers.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RunResult, Study, StudySettings } from '../src/study/study.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

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

export function runResult(pool: string, seed: number, testAccuracy: number): RunResult {
  const epoch = { loss: 1.5, accuracy: 0.5, testLoss: 1.25, testAccuracy, lr: 0.1, seconds: 2 };
  return {
    ...{ pool, seed, epochs: [epoch], parameters: 24346 },
    ...{ multiplyAdds: 2802304, millisecondsPerStep: 12.25, peakTensorBytes: 54.2e6 },
  };
}

/** A study with one list of test accuracies per pooling, seed by seed. */
export function studyOf(accuracies: Readonly<Record<string, readonly number[]>>, baseline = 'max'): Study {
  const pools = Object.keys(accuracies);
  const seeds = Array.from(Object.values(accuracies)[0] ?? [], (_, seed) => seed);
  return {
    ...{ format: 'softgrad-study', version: 1, trainImages: 4000, testImages: 1000, complete: true },
    settings: { ...settings, pools, baseline, seeds },
    environment: { softgrad: '0', node: 'v20', backend: 'wasm', platform: 'linux x64', cpu: 'some', cores: 2 },
    runs: pools.flatMap((pool) => (accuracies[pool] ?? []).map((value, seed) => runResult(pool, seed, value))),
  };
}
