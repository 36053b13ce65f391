import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lockfileViolations } from '../../scripts/lockfileRules.js';

const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

const sound = { version: '1.0.0', integrity: 'sha512-abc', license: 'MIT' };

/** What is said of one package that differs from a sound one. */
const complaints = (entry: object, manifest: object = {}): string[] =>
  lockfileViolations({ packages: { '': {}, 'node_modules/a': { ...sound, ...entry } } }, manifest);

test.each(['', 'bench/peers/'])('%spackage-lock.json keeps to the rules', (project) => {
  const manifest = readJson(`${project}package.json`);
  expect(lockfileViolations(readJson(`${project}package-lock.json`), manifest)).toEqual([]);
});

describe('the rules allow', () => {
  test.each([
    ['a sound package', {}, {}],
    ['a link to a workspace', { link: true, integrity: undefined, license: undefined }, {}],
    ['the choice of a permissive licence', { license: '(GPL-3.0 OR MIT)' }, { dependencies: { a: '1' } }],
    ['a weak copyleft licence in a tool', { license: 'MPL-2.0' }, {}],
    ['the public domain in a tool', { license: 'Unlicense' }, {}],
    ['an install script that is decided about', { hasInstallScript: true }, { allowScripts: { a: false } }],
  ])('%s', (_, entry, manifest) => expect(complaints(entry, manifest)).toEqual([]));
});

describe('the rules object to', () => {
  test.each([
    ['no integrity', { integrity: undefined }, {}, 'no SHA-512 integrity'],
    ['a weaker digest', { integrity: 'sha1-abc' }, {}, 'no SHA-512 integrity'],
    ['a git address', { resolved: 'git+ssh://git@example.org/a.git#1' }, {}, 'comes from elsewhere'],
    ['an unknown licence', { license: 'SSPL-1.0' }, {}, "a tool can't build on"],
    ['one unknown part of a licence', { license: 'MIT AND SSPL-1.0' }, {}, "can't build on"],
    ['no licence', { license: undefined }, {}, 'states no licence'],
    [
      'the public domain in the library',
      { license: 'Unlicense' },
      { dependencies: { a: '1' } },
      'the published library',
    ],
    ['weak copyleft in the library', { license: 'MPL-2.0' }, { dependencies: { a: '1' } }, 'the published library'],
    ['a deprecated package', { deprecated: 'use b' }, {}, 'is deprecated: use b'],
    ['an install script nobody decided about', { hasInstallScript: true }, {}, 'install script'],
  ])('%s', (_, entry, manifest, reason) => {
    expect(complaints(entry, manifest)).toEqual([expect.stringContaining(`node_modules/a@1.0.0 `)]);
    expect(complaints(entry, manifest)[0]).toContain(reason);
  });

  test('weak copyleft in a dependency of a dependency of the library', () => {
    const packages = {
      'node_modules/a': { ...sound, dependencies: { b: '1' } },
      'node_modules/a/node_modules/b': { ...sound, license: 'MPL-2.0' },
    };
    expect(lockfileViolations({ packages }, { dependencies: { a: '1' } })).toHaveLength(1);
  });
});
