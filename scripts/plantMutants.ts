/**
 * @file Tests the tests: plants known defects one at a time, in a copy of the project, and requires that the test named for
 * each one fails, and passes without it.
 *
 *   npm run mutants -- [words]
 *
 * With words, only defects whose description or file has one of them. Prints a Markdown table; fails if a defect goes unnoticed.
 */

import { mutants } from './mutants/index.js';
import { displayName, type Mutant, type NamedTest } from './mutants/mutant.js';
import { MutationRig } from './mutants/mutationRig.js';

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = mutants.filter(({ defect, file }) => {
  const text = `${defect} ${file}`.toLowerCase();
  return words.length === 0 || words.some((word) => text.includes(word));
});

/** Names the tests that don't pass on the project as it is, by file. */
async function unsoundTests(rig: MutationRig): Promise<string[]> {
  const unsound: string[] = [];
  for (const file of new Set(chosen.map(({ test }) => test.file))) {
    const names = chosen.map(({ test }) => test).filter((test) => test.file === file);
    const { passed, failed, reason } = await rig.test(file, names);
    const distinct = new Set(names.map(displayName)).size;
    console.error(`${file}: ${passed} of ${distinct} named tests pass as it is`);
    if (failed > 0 || passed < distinct)
      unsound.push(`${file}: ${reason || `only ${passed} of ${distinct} tests found`}`);
  }
  return unsound;
}

type Verdict = 'caught' | 'survived' | 'not tested';

/** A test that could not run tells nothing about the defect. */
async function verdictOn(mutant: Mutant, rig: MutationRig): Promise<Verdict> {
  const { passed, failed, reason } = await rig.planted(mutant, () => rig.test(mutant.test.file, [mutant.test]));
  const verdict = failed > 0 ? 'caught' : passed > 0 ? 'survived' : 'not tested';
  console.error(`${verdict}: ${mutant.defect} (${mutant.file})${reason && `\n    ${reason.slice(0, 200)}`}`);
  return verdict;
}

function row({ defect, file, test }: Mutant, verdict: Verdict): string {
  return `| ${defect} | \`${file}\` | ${cell(test)} | ${verdict} |`;
}

function cell(test: NamedTest): string {
  return `\`${test.file}\`: ${displayName(test)}`.replaceAll('|', '\\|');
}

const rig = new MutationRig();
process.once('SIGINT', () => {
  rig.dispose();
  process.exit(130);
});
try {
  await rig.setUp();
  const unsound = await unsoundTests(rig);
  if (unsound.length > 0) throw new Error(`these tests must pass first:\n${unsound.join('\n')}`);
  const rows: string[] = [];
  let caught = 0;
  for (const mutant of chosen) {
    const verdict = await verdictOn(mutant, rig);
    if (verdict === 'caught') caught += 1;
    rows.push(row(mutant, verdict));
  }
  console.log(['| defect | planted in | the test that must fail | |', '|---|---|---|---|', ...rows].join('\n'));
  console.log(`\n${caught} of ${chosen.length} caught`);
  process.exitCode = caught === chosen.length && caught > 0 ? 0 : 1;
} finally {
  rig.dispose();
}
