/** @file Removes what `tsc` wrote, so that no module of a deleted source stays behind. The kernels are cached elsewhere. */
import { rmSync } from 'node:fs';

for (const folder of ['dist', 'apps/lab/dist']) {
  rmSync(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
}
