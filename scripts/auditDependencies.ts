/**
 * @file Audits the dependencies: the lock files by our own rules, which need no network, and the registry's advisories.
 *
 *   npm run audit -- [--require-advisories]
 *
 * Some registries (mirrors, mostly) don't answer questions about advisories. That is said, and is a failure only with
 * `--require-advisories`, which the workflows on the public registry set.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { lockfileViolations } from './lockfileRules.js';

const root = new URL('../', import.meta.url);
const projects = ['', 'bench/peers/', 'test/mutation/'];
const blocking = ['high', 'critical'];
const requireAdvisories = process.argv.includes('--require-advisories');
const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

interface Advisory {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
}

/** Prints what is wrong with one lock file and returns how many things are. */
function auditLockfile(project: string): number {
  const lock = readJson(`${project}package-lock.json`);
  const violations = lockfileViolations(lock, readJson(`${project}package.json`));
  const count = Object.keys(lock.packages).length;
  console.log(`${project}package-lock.json: ${count} entries, ${violations.length} violations`);
  for (const violation of violations) console.log(`  ${violation}`);
  return violations.length;
}

/** Prints the registry's advisories and returns how many of them block. */
function auditAdvisories(project: string): number {
  const { stdout } = spawnSync('npm audit --json', { cwd: new URL(project, root), shell: true, encoding: 'utf8' });
  const vulnerabilities = parseAdvisories(stdout);
  if (vulnerabilities === undefined) {
    console.log(`${project}package-lock.json: advisories NOT consulted, the registry doesn't answer`);
    return requireAdvisories ? 1 : 0;
  }
  console.log(`${project}package-lock.json: ${vulnerabilities.length} packages with advisories`);
  for (const { name, severity, range } of vulnerabilities) console.log(`  ${severity}: ${name} ${range}`);
  return vulnerabilities.filter(({ severity }) => blocking.includes(severity)).length;
}

function parseAdvisories(text: string): Advisory[] | undefined {
  try {
    const { vulnerabilities } = JSON.parse(text) as { vulnerabilities?: Record<string, Advisory> };
    return vulnerabilities && Object.values(vulnerabilities);
  } catch {
    return undefined;
  }
}

let failures = 0;
for (const project of projects) failures += auditLockfile(project) + auditAdvisories(project);
process.exitCode = failures > 0 ? 1 : 0;
