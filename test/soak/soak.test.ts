/**
 * @file A short soak, and proof that a soak finds what is wrong. `SOFTGRAD_SOAK_SEED=123 npx vitest run test/soak` repeats one.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Kernels } from '../../src/kernels/kernels.js';
import { centralDifference } from './centralDifference.js';
import { evaluate } from './evaluate.js';
import { otherSums, plantedBugs, wrongSlope } from './plantedBugs.js';
import { printProgram } from './printProgram.js';
import { type Program, Ref } from './program.js';
import { programs } from './programs.js';
import { uncovered } from './report.js';
import { findTargets, referenceKernels, type Target, useKernels, wasmFreedom } from './sets.js';
import { soak } from './soak.js';
import { Span } from './span.js';

function target(name: string, kernels: Kernels, twinOf?: string): Target {
  const twin = twinOf === undefined ? {} : { twinOf };
  return { name, kernels, freedom: wasmFreedom, setBackend: [kernels.name], every: 1, close: () => {}, ...twin };
}

/** However slow the machine is, a search ends after so many programs. */
const enough = { deadline: Infinity, maxPrograms: 1500, seed: 1 } as const;
const timeout = 240_000;

describe('a soak', { timeout }, () => {
  test('finds nothing wrong with wasm', async () => {
    const seed = Number(process.env.SOFTGRAD_SOAK_SEED ?? Math.floor(Math.random() * 1e9));
    const { targets } = await findTargets((name) => ['wasm-simd-1', 'wasm-simd-2', 'wasm-relaxed-3'].includes(name));
    const { tally, findings } = await soak({ targets, seed, deadline: performance.now() + 10_000, maxPrograms: 300 });
    for (const { close } of targets) close();
    expect(findings.map(({ code }) => code).join('\n'), `SOFTGRAD_SOAK_SEED=${seed}`).toBe('');
    expect(tally.compared.get('wasm-simd-1')).toBeGreaterThan(0);
  });

  test('calls every public operation, pooling strategy, optimiser and kernel', async () => {
    const report = await soak({ ...enough, targets: [], maxPrograms: 400 });
    expect(uncovered(report)).toEqual([]);
    // Of most numbers a soak knows well what they have to be.
    expect(report.tally.narrow / report.tally.spans).toBeGreaterThan(0.95);
  });
});

describe('a soak finds, and shrinks to three steps at most,', { timeout }, () => {
  test.each(Object.entries(plantedBugs))('%s', async (_, kernels) => {
    const targets = [target('planted', kernels)];
    const { findings } = await soak({ ...enough, targets, maxFindings: 1 });
    expect(findings).toMatchObject([{ target: 'planted' }]);
    expect(findings[0]?.program.steps.length).toBeLessThanOrEqual(3);
    expect(findings[0]?.code).toContain('const y0 = ');
  });

  test('threads whose sums have other bits', async () => {
    const targets = [target('one', referenceKernels), target('two', otherSums, 'one')];
    const { findings } = await soak({ ...enough, targets, maxFindings: 1 });
    expect(findings).toMatchObject([{ target: 'two', what: 'bits' }]);
    expect(findings[0]?.program.steps.length).toBeLessThanOrEqual(3);
  });
});

test('a result of which permitted errors leave nothing finite may differ; one that they narrow may not', async () => {
  const options = { kernelSize: [2], stride: [2], padding: [0], dilation: [1], ceilMode: false, rank: 1, channels: 2 };
  const program = (values: readonly number[], logits: readonly number[]): Program => ({
    leaves: [
      { shape: [1, 2, 4], values: Float32Array.from(values) },
      { shape: [2, 2, 1], values: Float32Array.from(logits) },
      { shape: [2], values: Float32Array.of(0, 0) },
    ],
    steps: [{ callee: 'poolBy', args: ['lip', options, false, new Ref('x', 0), [new Ref('x', 1), new Ref('x', 2)]] }],
    outputs: [new Ref('y', 0)],
    order: 1,
    style: 'gradients',
    inputs: 'huge',
  });
  /** Whether gradients that are off by so much, in proportion, are an error. */
  const isError = async (error: number, tried: Program): Promise<boolean> => {
    await useKernels(referenceKernels);
    const expected = await evaluate(tried, { dtype: 'float32', backend: 'reference' });
    const other = expected.map(({ name, values }) => ({
      name,
      values: values.map((value) => value * (name === '∂/∂x0' ? 1 + error : 1)),
    }));
    return (await new Span(tried, expected, wasmFreedom).differenceOf(other)) !== undefined;
  };
  // Found by a soak: numbers so large that a permitted error of one makes logits of another infinite.
  const huge = program(
    [1229, 4431, -3405908800000000000, 63665892, -367248640000, 349222050000000, -44273324000000, 23465734000000],
    [289, 19987368000, 24865256, -89250570000000],
  );
  const ordinary = program([1.2, 4.4, -3.4, 0.63, -0.36, 3.4, -0.44, 0.23], [2.8, 1.9, 0.24, -0.89]);
  expect(await isError(2e-6, huge)).toBe(false);
  expect(await isError(1e-3, ordinary)).toBe(true);
});

test('differences tell a derivative that is wrong everywhere', async () => {
  const x = { shape: [3], values: Float32Array.of(1, -2, 3) };
  const program: Program = {
    leaves: [x],
    steps: [{ callee: 'abs', args: [new Ref('x', 0)] }],
    outputs: [new Ref('y', 0)],
    order: 2,
    style: 'gradients',
    inputs: 'ordinary',
  };
  const differences = async (kernels: Kernels): Promise<string | undefined> => {
    await useKernels(kernels);
    return centralDifference(program, await evaluate(program, { dtype: 'float64', backend: 'reference' }));
  };
  expect(await differences(referenceKernels)).toBeUndefined();
  expect(await differences(wrongSlope)).toMatch('the first derivative along a direction is');
  await useKernels(referenceKernels);
});

describe('printed programs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'softgrad-soak-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('run by themselves and give the same numbers', async () => {
    const isTelling = ({ steps, order }: Program): boolean =>
      order === 2 && ['poolBy', 'conv2d'].every((name) => steps.some(({ callee }) => callee === name));
    const [program] = fc.sample(programs().filter(isTelling), { seed: 1, numRuns: 1 });
    const file = join(folder, 'program.mts');
    writeFileSync(file, printProgram(program!, { comment: ['a program'], backends: [['reference']] }));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file], {
      env: { ...process.env, TSX_TSCONFIG_PATH: 'tsconfig.json' },
    });
    await useKernels(referenceKernels);
    const results = await evaluate(program!, { dtype: 'float32', backend: 'reference' });
    const printed = stdout.trim().split('\n').slice(1);
    expect(printed).toEqual(results.map(({ name, values }) => expect.stringMatching(line(name, values))));
  });
});

/** `∂/∂x0 [2,3] 1 2 3 4 5 6` */
function line(name: string, values: ArrayLike<number>): RegExp {
  const numbers = Array.from(values).join(' ').replaceAll('.', '\\.').replaceAll('+', '\\+');
  return new RegExp(`^${name} \\[[\\d,]*\\] ${numbers}$`);
}
