import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../', import.meta.url));
const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];

interface PackedFile {
  readonly path: string;
  readonly mode: number;
}

describe('the published package', () => {
  // Scripts are left out, since `prepare` would build under the other tests' feet.
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    }),
  ) as [{ files: readonly PackedFile[]; unpackedSize: number }];
  const paths = packed.files.map(({ path }) => path);

  test('holds compiled modules, their types and four documents, and nothing else', () => {
    expect(paths.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path)).sort()).toEqual(documents);
  });

  test('holds no module whose source is gone, no assembly and no test', () => {
    const sourceOf = (path: string): string => path.replace(/^dist\//, 'src/').replace(/\.(js|d\.ts)$/, '.ts');
    const modules = paths.filter((path) => path.startsWith('dist/'));
    expect(modules.filter((path) => !existsSync(root + sourceOf(path)))).toEqual([]);
    expect(modules.filter((path) => /assembly\/|\.test\./.test(path))).toEqual([]);
  });

  test('holds every entry point', () => {
    const targets = Object.values(packageJson.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : [entry.types, entry.default],
    );
    expect(paths).toEqual(expect.arrayContaining(targets.map((target) => target.replace('./', ''))));
  });

  test('runs nothing when it is installed, and nothing in it is executable', () => {
    // `prepare` runs in the repository and for git dependencies, not for who installs from the registry.
    expect(Object.keys(packageJson.scripts)).not.toEqual(expect.arrayContaining([expect.stringMatching(/install$/)]));
    expect(packed.files.filter(({ mode }) => (mode & 0o111) !== 0)).toEqual([]);
  });

  test('stays under 2 MB', () => {
    expect(packed.unpackedSize).toBeLessThan(2e6);
  });
});
