/**
 * @file Builds the committed sources twice, in two folders that have nothing in common, and compares the results byte by byte.
 *
 *   npm run reproducible
 *
 * The second build runs in another time zone and language, so that neither gets into the output. Compared are every compiled
 * file and the archive that `npm publish` would send. (The archive keeps the modes of files, so both builds have one umask.)
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apps, copyWorkingTree } from './workingCopy.js';

const outputs = [
  'dist',
  'src/kernels/wasm/generated',
  'src/kernels/gpu/generated',
  ...apps.map((app) => `${app}/dist`),
];

/** What `npm pack` puts into the archive: gpu.js and what it needs. It doesn't follow links. */
const bundled = ['gpu.js', 'acorn', 'gpu-mock.js'];

/** Builds in a fresh folder; returns the digest of every file that came out, by path. */
function build(folder: string, env: Readonly<Record<string, string>>): Map<string, string> {
  mkdirSync(folder, { recursive: true });
  copyWorkingTree(folder, { copiedPackages: bundled });
  for (const command of ['npm run build', 'npm pack --ignore-scripts']) run(command, folder, env);
  const archives = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return new Map(
    [...outputs.flatMap((output) => filesUnder(folder, output)), ...archives].map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    ]),
  );
}

/** Runs a command; what it prints is of interest only if it fails. */
function run(command: string, cwd: string, env: Readonly<Record<string, string>>): void {
  const result = spawnSync(command, { cwd, env: { ...process.env, ...env }, shell: true, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} in ${cwd} failed\n${result.stdout}${result.stderr}`);
}

function filesUnder(folder: string, output: string): string[] {
  return readdirSync(join(folder, output), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

process.umask(0o022);
const scratch = mkdtempSync(join(tmpdir(), 'softgrad-build-'));
try {
  const first = build(join(scratch, 'a'), { TZ: 'UTC', LC_ALL: 'C' });
  const second = build(join(scratch, 'a longer path', 'with spaces'), { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' });
  const different = [...new Set([...first.keys(), ...second.keys()])].filter(
    (path) => first.get(path) !== second.get(path),
  );
  for (const path of different) console.error(`differs: ${path}`);
  console.log(`${first.size} files built twice, ${different.length} different`);
  for (const [path, digest] of first) if (path.endsWith('.tgz')) console.log(`sha256 ${digest}  ${path}`);
  process.exitCode = different.length > 0 || first.size < 100 ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
