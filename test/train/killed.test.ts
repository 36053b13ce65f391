import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Generator } from '../../src/tensor/generator.js';
import { type Outcome, type Plan, train } from '../support/resumableTraining.js';

const script = fileURLToPath(new URL('../support/resumableTraining.ts', import.meta.url));

/** Kills in all; each costs the start of a process. */
const KILLS = process.env.SOFTGRAD_SLOW_TESTS ? 100 : 4;
/** A process trains this long at most before it is killed, so that kills fall everywhere: into steps, saves and validations. */
const LONGEST_LIFE = 300;

/** Runs the training from its checkpoint; kills it after `milliseconds` of training, unless it is done before. */
async function trainFor(path: string, plan: Plan, milliseconds: number): Promise<Outcome | undefined> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, path, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (text === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
    text += chunk;
  });
  const [code, signal]: (number | string | null)[] = await once(child, 'close');
  if (signal === 'SIGKILL') return undefined;
  expect(code).toBe(0);
  const outcome: Outcome = JSON.parse(text.split('\n')[1] ?? '');
  return outcome;
}

test(`a training that is killed at ${KILLS} random moments and resumed equals the uninterrupted one to the bit`, async () => {
  const random = new Generator(`kills ${process.env.SOFTGRAD_SEED ?? 1}`);
  const folder = await mkdtemp(join(tmpdir(), 'softgrad-killed-'));
  const plan: Plan = { epochs: 15, samples: 120, everySteps: 1, optimizer: 'adam' };
  const expected = await train(plan);
  let kills = 0;
  try {
    for (let training = 0; kills < KILLS; training++) {
      const path = join(folder, `${training}.safetensors`);
      let outcome: Outcome | undefined;
      while (!outcome) {
        const threads = 1 + random.integer(3);
        // The last kill is followed by a life without end.
        const life = kills < KILLS ? random.uniform() * LONGEST_LIFE : 2 ** 30;
        outcome = await trainFor(path, { ...plan, threads }, life);
        if (!outcome) kills += 1;
      }
      expect(outcome).toEqual(expected);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}, 900_000);
