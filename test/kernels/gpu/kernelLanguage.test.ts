import { describe, expect, test } from 'vitest';
import { readPrograms } from '../../../scripts/gpu/readPrograms.mjs';

const read = (text: string) => readPrograms([{ path: 'made-up.ts', text }]);

describe('a kernel', () => {
  test('becomes text without types, with the names of what it takes', () => {
    const programs = read(`
      declare function apply(x: number): number;
      /** Twice. */
      function twice(x: number): number { return 2 * x; }
      export function f(this: Kernel<'a' | 'b'>, x: Cells, y: Cells, s: number): number {
        const i: number = this.thread.x * this.constants.a; // comment
        return apply(x[i]!) + twice(y[this.thread.x] as number) + s + this.constants.b;
      }`);
    expect(programs.get('f')).toMatchObject({
      kind: 'kernel',
      inputs: ['x', 'y'],
      scalars: ['s'],
      constants: ['a', 'b'],
      calls: ['apply', 'twice'],
      cellsPerThread: 1,
      computesIndices: true,
      source: `function f(x, y, s) {
    const i = this.thread.x * this.constants.a;
    return apply(x[i]) + twice(y[this.thread.x]) + s + this.constants.b;
}`,
    });
    expect(programs.get('twice')).toMatchObject({ kind: 'helper', parameters: ['x'] });
    expect(programs.get('apply')).toMatchObject({ kind: 'slot', parameters: ['x'] });
  });

  test('that returns a Quad writes four cells', () => {
    const programs = read('export function f(this: Kernel, x: Cells): Quad { return [x[0], x[1], x[2], x[3]]; }');
    expect(programs.get('f')).toMatchObject({ cellsPerThread: 4, computesIndices: true });
  });

  test('takes constants that a type lists, in whatever file it stands', () => {
    const programs = readPrograms([
      { path: 'f.ts', text: "export function f(this: Kernel<Sizes | 'c'>, x: Cells): number { return x[0]; }" },
      { path: 'sizes.ts', text: "export type Pair = 'a' | 'b'; export type Sizes = Pair | 'd';" },
    ]);
    expect(programs.get('f')).toMatchObject({ constants: ['a', 'b', 'd', 'c'] });
  });

  test('that reads its own cells alone computes no indices', () => {
    const programs = read('export function f(this: Kernel, x: Cells): number { return -x[this.thread.x]; }');
    expect(programs.get('f')).toMatchObject({ computesIndices: false });
  });
});

describe('the kernel language has no', () => {
  const body = (statements: string, constants = "'n'") =>
    read(`export function f(this: Kernel<${constants}>, x: Cells, s: number): number { ${statements} return s; }`);

  test.each([
    ['while', 'while (s > 0) s = s - 1;', 'while stops after 1000 rounds'],
    ['for-of', 'for (const v of x) s = v;', 'use for (let k = 0'],
    ['continue', 'for (let k = 0; k < 3; k++) { if (s > 0) continue; }', 'continue gives wrong results'],
    ['bound that a call decides', 'for (let k = 0; k < s; k++) {}', 'a loop ends at'],
    ['loop downwards', 'for (let k = 3; k < 4; k--) {}', 'a loop counts by k++'],
    ['%', 's = s % 2;', '% is inexact'],
    ['rounded quotient', 's = Math.floor(s / 3);', 'Math.floor(a / b) is off by one on WebGPU'],
    ['test for NaN', 'if (s !== s) return 0;', 'does not find NaN on WebGPU'],
    ['Math.hypot', 's = Math.hypot(s, 1);', 'Math.hypot is not available'],
    ['Math.exp', 's = Math.exp(s);', 'Math.exp is wrong for NaN on some GPUs; use exponential()'],
    ['maximum of three', 's = Math.max(s, 1, 2);', 'Math.max takes two numbers'],
    ['shadowed name', 'const a = 1; for (let k = 0; k < 3; k++) { const a = k; }', "'a' is declared outside already"],
    ['shadowed loop', 'for (let k = 0; k < 3; k++) { for (let k = 0; k < 3; k++) {} }', "'k' is declared outside"],
    ['shadowed parameter', 'for (let s = 0; s < 3; s++) {}', "'s' is declared outside already"],
    ['variable with the name of a constant', 'const n = 1;', "'n' is also the name of a constant"],
    ['function from elsewhere', 's = other(s);', 'f calls other, which there isn'],
  ])('%s', (_, statements, message) => {
    expect(() => body(statements)).toThrow(message);
  });

  test('more than seven tensors', () => {
    const cells = Array.from({ length: 8 }, (_, i) => `x${i}: Cells`).join(', ');
    expect(() => read(`export function f(this: Kernel, ${cells}): number { return 0; }`)).toThrow('WebGPU takes 7');
  });

  test('helpers that take tensors', () => {
    expect(() => read('function f(x: Cells): number { return x[0]; }')).toThrow('only a kernel can take Cells');
  });

  test('scalars before tensors', () => {
    expect(() => read('export function f(this: Kernel, s: number, x: Cells): number { return s; }')).toThrow(
      'parameters are tensors (Cells) first',
    );
  });
});

test('loops to a constant or a number, and rounded quotients of halves, are allowed', () => {
  const text = `export function f(this: Kernel<'n'>, x: Cells): number {
    let total = 0;
    for (let k = 0; k < this.constants.n; k++) total = total + x[k];
    for (let k = 0; k < 3; k++) total = total + Math.floor((k + 0.5) / 2);
    return total;
  }`;
  expect(read(text).size).toBe(1);
});
