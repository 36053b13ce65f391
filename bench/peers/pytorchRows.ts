/**
 * @file Beside PyTorch: the training step and SoftPool, in processes that take turns.
 */
import { execFileSync } from 'node:child_process';
import { runSteps } from '../freshProcess.js';
import { median, medianRatio } from '../statistics.js';
import type { Goal, Row } from '../verdict.js';

const ROUNDS = 5;
const THREADS = 2;

/** glibc then keeps freed pages instead of handing them back to the system after every step. */
const tunedMalloc = {
  MALLOC_MMAP_THRESHOLD_: '4294967296',
  MALLOC_TRIM_THRESHOLD_: '17179869184',
  MALLOC_TOP_PAD_: '268435456',
};

const atLeast = (required: number, aim: number): Goal => ({ direction: 'atLeast', required, aim, unit: '×' });

/** The first Python that has PyTorch, or why there is none. */
export function findPython(): { readonly program: string } | { readonly reason: string } {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);
  for (const program of candidates) {
    try {
      execFileSync(program, ['-c', 'import torch'], { stdio: 'ignore' });
      return { program };
    } catch {
      // The next one may have it.
    }
  }
  return { reason: `none of ${candidates.join(', ')} can import torch (Debian: python3-torch)` };
}

export function pytorchRows(program: string): Row[] {
  return [...compare(program, 'resnet', 'resnetStep.mjs', 8), ...compare(program, 'pool', 'softPoolStep.mjs', 100)];
}

function compare(program: string, what: 'resnet' | 'pool', ours: string, steps: number): Row[] {
  const torch = (env: Readonly<Record<string, string>>): number =>
    median(runSteps('peers/torch_peer.py', [what, THREADS, steps], { program, env }).times);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    ours: median(runSteps(ours, [THREADS, steps]).times),
    installed: torch({}),
    tuned: torch(tunedMalloc),
  }));
  const column = (name: 'ours' | 'installed' | 'tuned'): number[] => rounds.map((round) => round[name]);
  const [mine, installed, tuned] = [column('ours'), column('installed'), column('tuned')];
  const name =
    what === 'resnet' ? 'ResNet-20 soft step, batch 128' : 'softPool2d k2 s2 [64,16,32,32] forward + backward';
  const goal = what === 'resnet' ? atLeast(1, 1) : atLeast(5, 10);
  return [
    { what: `${name}: softgrad`, measured: median(mine), unit: 'ms' },
    { what: `${name}: PyTorch`, measured: median(installed), unit: 'ms' },
    { what: `${name}: PyTorch, tuned malloc`, measured: median(tuned), unit: 'ms' },
    { what: `${name}: speed / PyTorch`, goal, measured: medianRatio(installed, mine), unit: '×' },
    { what: `${name}: speed / PyTorch, tuned malloc`, goal, measured: medianRatio(tuned, mine), unit: '×' },
  ];
}
