/**
 * @file Takes finished runs into the zoo of trained networks, and writes docs/modelZoo.md anew.
 *
 *   npm run zoo -- [--data-dir FOLDER] [RUN_FOLDER…]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../apps/lab/src/commands/backendOptions.js';
import { percent } from '../apps/lab/src/report/format.js';
import { loadStudyData } from '../apps/lab/src/study/datasets.js';
import { addToZoo, finishedRun } from '../apps/lab/src/zoo/addToZoo.js';
import { modelCards } from '../apps/lab/src/zoo/zoo.js';
import { zooPage } from './docs/zooPage.js';

const { values, positionals } = parseArgs({ options: { 'data-dir': { type: 'string' } }, allowPositionals: true });
for (const place of positionals) {
  const run = await finishedRun(place);
  await chooseBackend({ variant: run.identity.arithmetic.includes('fma') ? 'relaxed' : 'simd' });
  const data = await loadStudyData(run.identity.settings, values['data-dir']);
  const { name, result } = await addToZoo(run, data);
  console.log(`${name}  ${percent(result.test.accuracy)}`);
}
const page = new URL('../docs/modelZoo.md', import.meta.url);
writeFileSync(page, zooPage(readFileSync(page, 'utf8'), await modelCards()));
