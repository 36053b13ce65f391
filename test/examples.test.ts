import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const examples = readdirSync(`${root}examples`).filter((name) => name.endsWith('.ts'));

describe.each(examples)('examples/%s', (name) => {
  test('runs to its end, prints something and complains about nothing', { timeout: 300_000 }, async () => {
    const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', `examples/${name}`], { cwd: root });
    expect(stdout.trim()).not.toBe('');
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);
    expect(stderr).toBe('');
  });

  test('is a page long, and says how to run it', () => {
    const text = readFileSync(`${root}examples/${name}`, 'utf8');
    expect(text.split('\n').length).toBeLessThanOrEqual(80);
    expect(text).toContain(`npx tsx examples/${name}`);
  });

  test('imports what a user would', () => {
    const text = readFileSync(`${root}examples/${name}`, 'utf8');
    const modules = [...text.matchAll(/from '([^']+)'/g)].map(([, module]) => module);
    expect(modules.filter((module) => !/^softgrad(\/\w+)?$/.test(module ?? ''))).toEqual([]);
  });
});

test('examples/08-train-on-gpu.ts says what to do where a mode is missing', async () => {
  const script = 'examples/08-train-on-gpu.ts';
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', script, 'headlessgl'], { cwd: root });
  expect(stdout).toMatch(/^gpu: mode headlessgl is not available: .*npm install gl\n\nThe same on the CPU: npx tsx /);
  expect(stderr).toBe('');
});

test('the examples are numbered', () => {
  expect(examples.every((name, i) => name.startsWith(`${i + 1}`.padStart(2, '0')))).toBe(true);
});
