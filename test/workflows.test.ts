import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = new URL('../.github/workflows/', import.meta.url);
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

describe.each(workflows)('the workflow $name', ({ text }) => {
  test('pins every action to a commit, and says which version that is', () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('starts without permission to write, and keeps no credentials in its checkout', () => {
    expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read\n)/m);
    const checkouts = text.match(/actions\/checkout@/g) ?? [];
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts.length);
  });

  test('puts no text of an event into a command', () => {
    expect(text).not.toMatch(/\$\{\{\s*github\.(event|head_ref|ref_name)/);
  });
});

test('only the job that publishes may identify itself to npm, and it installs nothing', () => {
  const { text } = workflows.find(({ name }) => name === 'release.yml')!;
  const [before, publish = ''] = text.split(/^ {2}publish:$/m);
  expect(before).not.toMatch(/id-token|npm publish/);
  expect(publish).toMatch(/id-token: write/);
  expect(publish).toMatch(/npm publish .*--provenance/);
  expect(publish).not.toMatch(/npm (ci|install|run)|checkout/);
});
