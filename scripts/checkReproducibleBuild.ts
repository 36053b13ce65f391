/**
 * @file Builds the committed sources twice, in two folders that have nothing in common, and compares the results byte by byte.
 *
 *   npm run reproducible
 *
 * The second build runs in another time zone and language, so that neither gets into the output. Compared are every compiled
 * file and the archive that `npm publish` would send. (The archive keeps the modes of files, so both builds have one umask.)
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const apps = readdirSync(join(root, 'apps')).map((name) => `apps/${name}`);
const outputs = [
  'dist',
  'src/kernels/wasm/generated',
  'src/kernels/gpu/generated',
  ...apps.map((app) => `${app}/dist`),
];

/** What `npm pack` puts into the archive: gpu.js and what it needs. It doesn't follow links. */
const bundled = ['gpu.js', 'acorn', 'gpu-mock.js'];

/** Copies what git tracks, as it is in the working tree, with the installed packages beside it. */
function copySources(folder: string): void {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const path of tracked.filter((name) => existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  for (const owner of ['.', ...apps]) linkPackages(`${owner}/node_modules`, folder);
  // The lab depends on the library: on the copy, not on the original.
  symlinkSync(folder, join(folder, 'node_modules/softgrad'), 'junction');
}

/** Links the packages that are installed in one folder, and copies those that are published with the library. */
function linkPackages(modules: string, folder: string): void {
  if (!existsSync(join(root, modules))) return;
  mkdirSync(join(folder, modules), { recursive: true });
  for (const name of readdirSync(join(root, modules)).filter((entry) => !entry.startsWith('softgrad'))) {
    const [from, to] = [join(root, modules, name), join(folder, modules, name)];
    if (bundled.includes(name)) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to, 'junction');
  }
}

/** Builds in a fresh folder; returns the digest of every file that came out, by path. */
function build(folder: string, env: Readonly<Record<string, string>>): Map<string, string> {
  mkdirSync(folder, { recursive: true });
  copySources(folder);
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
