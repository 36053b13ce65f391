/** @file A copy of the project in which defects are planted one at a time, and its tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyWorkingTree, root } from '../workingCopy.js';
import { type Mutant, type NamedTest, testNamePattern } from './mutant.js';

/** What became of the tests that a pattern names. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** The first line of the first failure, or why no test ran. */
  readonly reason: string;
}

/** The part of Vitest's JSON report that is read. */
interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly failureMessages: readonly string[] }[];
  }[];
}

const GENERATED = ['src/kernels/wasm/generated', 'src/kernels/gpu/generated'];
const BUILDS: readonly [sources: string, script: string][] = [
  ['src/kernels/wasm/assembly/', 'scripts/buildWasm.mjs'],
  ['src/kernels/gpu/programs/', 'scripts/buildGpu.mjs'],
];
/** A named test takes seconds; a defect may make it hang. */
const LONGEST_MILLISECONDS = 600_000;

export class MutationRig {
  readonly #folder = mkdtempSync(join(tmpdir(), 'softgrad-mutants-'));
  #running: ChildProcess | undefined;

  /** Copies the working tree, what is not committed included, and builds what is built from sources that mutate. */
  async setUp(): Promise<void> {
    copyWorkingTree(this.#folder, { untracked: true });
    for (const path of GENERATED) {
      if (existsSync(join(root, path))) cpSync(join(root, path), join(this.#folder, path), { recursive: true });
    }
    for (const [, script] of BUILDS) await this.#build(script);
    for (const path of GENERATED) cpSync(join(this.#folder, path), this.#original(path), { recursive: true });
  }

  /** Ends what runs and removes the copy. */
  dispose(): void {
    this.#kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs `body` while the defect is in the copy. */
  async planted<T>({ file, text, replacement }: Mutant, body: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(text).length !== 2) throw new Error(`${file} doesn't hold this text exactly once: ${text}`);
    const scripts = BUILDS.filter(([sources]) => file.startsWith(sources)).map(([, script]) => script);
    writeFileSync(
      path,
      source.replace(text, () => replacement),
    );
    try {
      for (const script of scripts) await this.#build(script);
      return await body();
    } finally {
      writeFileSync(path, source);
      if (scripts.length > 0) {
        for (const generated of GENERATED) {
          cpSync(this.#original(generated), join(this.#folder, generated), { recursive: true });
        }
      }
    }
  }

  /** Runs the tests of one file that have these names. */
  async test(file: string, tests: readonly NamedTest[]): Promise<Outcome> {
    const output = join(this.#folder, 'mutants.json');
    rmSync(output, { force: true });
    const names = ['-t', testNamePattern(tests)];
    const reporting = ['--reporter=json', `--outputFile=${output}`];
    const printed = await this.#run(['node_modules/vitest/vitest.mjs', 'run', file, ...names, ...reporting]);
    if (!existsSync(output)) return { passed: 0, failed: 0, reason: printed.trim().split('\n').at(-1) ?? '' };
    const report: Report = JSON.parse(readFileSync(output, 'utf8'));
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    const count = (wanted: string): number => results.filter(({ status }) => status === wanted).length;
    const [message = ''] = results.flatMap(({ failureMessages }) => failureMessages);
    const trouble = report.testResults.map((result) => result.message).find((line) => line !== '') ?? '';
    return { passed: count('passed'), failed: count('failed'), reason: (message || trouble).split('\n')[0] ?? '' };
  }

  #original(path: string): string {
    return join(this.#folder, 'original', path);
  }

  async #build(script: string): Promise<void> {
    await this.#run([script]);
  }

  /** Runs Node in the copy, in a process group of its own, since tests start processes; returns what it printed. */
  async #run(args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, args, { cwd: this.#folder, detached: true, stdio: 'pipe' });
    this.#running = child;
    let printed = '';
    const collect = (chunk: Buffer): void => {
      printed += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => {
      printed += `\nnot over within ${LONGEST_MILLISECONDS / 1000} s`;
      this.#kill();
    }, LONGEST_MILLISECONDS);
    await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    this.#running = undefined;
    return printed;
  }

  #kill(): void {
    const { pid } = this.#running ?? {};
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
