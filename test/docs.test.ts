import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as nn from '../src/nn/index.js';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** Code blocks that begin with the path of a file: `// src/ops/relu.ts`. */
function excerpts(document: string): { path: string; code: string }[] {
  const blocks = read(document).matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```$/gms);
  return [...blocks].map(([, path, code]) => ({ path: path!, code: code!.trim() }));
}

describe.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md'])('%s', (document) => {
  test('quotes files as they are', () => {
    for (const { path, code } of excerpts(document)) expect(read(path), path).toContain(code);
  });

  test('links to files that exist', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
    for (const path of links) expect(() => read(path), path).not.toThrow();
  });

  test('names scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});

test('docs/pooling.md has a row for every strategy, as the registry describes it', () => {
  const rows = read('docs/pooling.md').split('\n');
  for (const { name, formula = '', learns = '', source = '' } of nn.poolStrategies()) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` | \`y`))?.replaceAll('\\|', '¦');
    const cells = row?.split('|').map((cell) => cell.trim().replaceAll('¦', '|'));
    expect(cells?.toSpliced(3, 1), name).toEqual(['', `\`${name}\``, `\`${formula}\``, learns, source, '']);
  }
});

test('the README asks a newcomer for exactly two commands', () => {
  const [, firstBlock] = /^```sh\n(.*?)^```$/ms.exec(read('README.md')) ?? [];
  const commands = firstBlock
    ?.trim()
    .split('\n')
    .map((line) => line.replace(/\s*#.*/, ''));
  expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test']);
});
