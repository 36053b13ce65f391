import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mutants } from '../../scripts/mutants/index.js';
import { displayName, named, testNamePattern } from '../../scripts/mutants/mutant.js';
import { hasTitle, readTitles, type Titles } from '../support/testTitles.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('each planted defect', () => {
  test('replaces a text that stands exactly once in its file', () => {
    for (const { file, text, replacement } of mutants) {
      expect(read(file).split(text), `${file}: ${text}`).toHaveLength(2);
      expect(replacement).not.toBe(text);
    }
  });

  test('names a test that exists', () => {
    const titles = new Map<string, Titles>();
    for (const { test } of mutants) {
      const found = titles.get(test.file) ?? readTitles(test.file);
      titles.set(test.file, found);
      for (const title of test.titles) expect(hasTitle(found, title), `${test.file}: ${title}`).toBe(true);
    }
  });

  test('is reported as caught in docs/trust.md, and no other is', () => {
    const rows = read('docs/trust.md').matchAll(/^\| ([^|]+) \| `(\S+)` \| `(\S+)`: (.+) \| caught \|$/gm);
    const documented = [...rows].map(([, ...cells]) => cells.join(' '));
    const planted = mutants.map(({ defect, file, test }) => [defect, file, test.file, displayName(test)].join(' '));
    expect(documented).toEqual(planted);
    expect(new Set(mutants.map(({ defect, file }) => `${defect} ${file}`)).size).toBe(mutants.length);
  });
});

test('a test is named by all its titles, whatever they contain', () => {
  const pattern = new RegExp(testNamePattern([named('a.test.ts', "f(x)'s", 'is $1.5'), named('a.test.ts', 'other')]));
  expect(
    ["f(x)'s is $1.5 (with seed=7)", 'other things', "f(x)'s is 125", 'another'].map((name) => pattern.test(name)),
  ).toEqual([true, true, false, false]);
});

test('titles that do not exist are noticed', () => {
  const titles = readTitles('test/ops/softPool.test.ts');
  const known = ['softPool in float64', 'keeps channels apart', 'is finite for 88 and 89, and so is its gradient'];
  const unknown = ['softPool in float16', 'keeps channels together', 'is infinite for 88 and 89'];
  expect([...known, ...unknown].map((title) => hasTitle(titles, title))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
