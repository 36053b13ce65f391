/** @file Copies of the project to build or to test in, so that the working tree stays as it is. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));
export const apps = readdirSync(join(root, 'apps')).map((name) => `apps/${name}`);

export interface CopyOptions {
  /** Packages to copy where all others are linked. */
  readonly copiedPackages?: readonly string[];
  /** Files that git doesn't track, but neither ignores, are copied too. */
  readonly untracked?: boolean;
}

/** Copies what git tracks, as it is in the working tree, with the installed packages beside it. */
export function copyWorkingTree(folder: string, { copiedPackages = [], untracked = false }: CopyOptions = {}): void {
  const args = ['ls-files', '-z', ...(untracked ? ['--cached', '--others', '--exclude-standard'] : [])];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const path of files.filter((name) => existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  for (const owner of ['.', ...apps]) linkPackages(`${owner}/node_modules`, folder, copiedPackages);
  // The lab depends on the library: on the copy, not on the original.
  symlinkSync(folder, join(folder, 'node_modules/softgrad'), 'junction');
}

/** Links the packages that are installed in one folder, and copies some. */
function linkPackages(modules: string, folder: string, copied: readonly string[]): void {
  if (!existsSync(join(root, modules))) return;
  mkdirSync(join(folder, modules), { recursive: true });
  for (const name of readdirSync(join(root, modules)).filter((entry) => !isOwn(entry))) {
    const [from, to] = [join(root, modules, name), join(folder, modules, name)];
    if (copied.includes(name)) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to, 'junction');
  }
}

/** The project's own packages, and what tools keep for themselves. */
function isOwn(entry: string): boolean {
  return entry.startsWith('softgrad') || entry === '.vite';
}
