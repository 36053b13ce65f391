/** @file Builds everything after an install, unless the compilers were left out (`npm ci --omit=dev`). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const hasCompilers = ['typescript', 'assemblyscript'].every((name) =>
  existsSync(new URL(`../node_modules/${name}/package.json`, import.meta.url)),
);

if (hasCompilers) {
  const { status } = spawnSync('npm run build', { stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
} else {
  console.log('softgrad: nothing built, since development dependencies are not installed');
}
