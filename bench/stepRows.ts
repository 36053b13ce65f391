/**
 * @file Whole training steps in processes of their own, and the sizes of the binaries.
 */
import { readFileSync } from 'node:fs';
import { runScript, runSteps } from './freshProcess.js';
import { median, medianRatio } from './statistics.js';
import type { Goal, Row } from './verdict.js';

const ROUNDS = 5;
const STEPS = 6;

const atMost = (unit: string, required: number, aim: number): Goal => ({ direction: 'atMost', required, aim, unit });

/** Speed on one and on two threads, in turns, and the memory of the latter. */
export function resnetRows(): Row[] {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [one, two] = [1, 2].map((threads) => runSteps('resnetStep.mjs', [threads, STEPS]));
    return { one: median(one!.times), two: median(two!.times), megabytes: two!.residentBytes / 1e6 };
  });
  const one = rounds.map((round) => round.one);
  const two = rounds.map((round) => round.two);
  const name = 'ResNet-20 soft step, batch 128';
  return [
    { what: `${name}, 1 thread`, measured: median(one), unit: 'ms' },
    { what: `${name}, 2 threads`, measured: median(two), unit: 'ms' },
    {
      what: `${name}, 2 threads against 1`,
      goal: { direction: 'atLeast', required: 1.8, aim: 1.95, unit: '×' },
      measured: medianRatio(one, two),
      unit: '×',
    },
    {
      what: `${name}, peak resident memory`,
      goal: atMost('MB', 600, 400),
      measured: median(rounds.map((round) => round.megabytes)),
      unit: 'MB',
    },
  ];
}

export function firstStepRow(): Row {
  const times = Array.from({ length: 7 }, () => Number(runScript('firstStep.mjs', [])));
  const what = 'import to first training step of smallCnn';
  return { what, goal: atMost('ms', 300, 150), measured: median(times), unit: 'ms' };
}

/** Sizes of the WebAssembly binaries, as they stand decoded. */
export function binaryRows(): Row[] {
  return ['simd', 'relaxed'].map((variant) => {
    const file = new URL(`../src/kernels/wasm/generated/${variant}.ts`, import.meta.url);
    const base64 = readFileSync(file, 'utf8').match(/'([\w+/=]{100,})'/)?.[1];
    if (base64 === undefined) throw new RangeError(`${variant}: no binary; run npm run build:wasm`);
    const bytes = Buffer.from(base64, 'base64').length;
    return { what: `binary '${variant}'`, goal: atMost('KB', 100, 60), measured: bytes / 1000, unit: 'KB' };
  });
}
