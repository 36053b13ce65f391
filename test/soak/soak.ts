/**
 * @file The soak: programs without end, until time is up.
 */
import fc from 'fast-check';
import { check, type Finding, newTally, type Tally } from './check.js';
import { printProgram } from './printProgram.js';
import type { Program } from './program.js';
import { programs } from './programs.js';
import type { Target } from './sets.js';
import { simplify } from './simplify.js';

export interface SoakOptions {
  readonly targets: readonly Target[];
  readonly seed: number;
  /** When to stop, by `performance.now()`. */
  readonly deadline: number;
  /** Or after so many programs. */
  readonly maxPrograms?: number;
  /** Or with so many findings. */
  readonly maxFindings?: number;
  /** Default 6. */
  readonly maxSteps?: number;
  /** How long one finding may be shrunk, in milliseconds. Default one minute. */
  readonly shrinkTime?: number;
  readonly onFinding?: (finding: ReportedFinding) => void;
  readonly onProgress?: (report: SoakReport) => void;
}

export interface ReportedFinding extends Finding {
  /** Runs by itself. */
  readonly code: string;
  readonly seed: number;
  /** How often the like was found. */
  times: number;
}

export interface SoakReport {
  readonly tally: Tally;
  readonly findings: readonly ReportedFinding[];
  /** Calls of each public function in the programs. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Programs that one seed of fast-check draws. */
const BATCH = 40;
/** One program in so many has its derivatives compared with differences. */
const DIFFERENCES_EVERY = 8;
/** Runs that decide whether a smaller program fails; the smallest is looked at more thoroughly. */
const RUNS_TO_SHRINK = 8;

/** Runs random programs on all targets; every kind of failure is shrunk and reported once. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { targets, deadline, maxPrograms = Infinity, maxFindings = Infinity, maxSteps = 6 } = options;
  const tally = newTally();
  const calls = new Map<string, number>();
  const findings: ReportedFinding[] = [];
  const report: SoakReport = { tally, calls, findings };
  const isOver = (): boolean =>
    performance.now() >= deadline || tally.programs >= maxPrograms || findings.length >= maxFindings;
  for (let batch = 0; !isOver(); batch++) {
    const seed = options.seed + batch;
    let drawn = 0;
    const search = await fc.check(
      fc.asyncProperty(programs({ maxSteps }), async (program) => {
        if (isOver()) return;
        for (const name of program.steps.map(nameOf)) calls.set(name, (calls.get(name) ?? 0) + 1);
        const withDifferences = drawn++ % DIFFERENCES_EVERY === 0;
        const due = targets.filter(({ every }) => tally.programs % every === 0);
        const finding = await check(program, { targets: due, tally, withDifferences });
        if (finding) throw new FoundError(finding);
      }),
      { seed, numRuns: BATCH, endOnFailure: true },
    );
    const { errorInstance } = search;
    if (errorInstance instanceof FoundError) await reportFinding(errorInstance.finding, seed, options, findings);
    else if (search.failed) throw errorInstance;
    options.onProgress?.(report);
  }
  return report;
}

/** Shrinks a finding, and reports it unless its like is known. */
async function reportFinding(
  found: Finding,
  seed: number,
  options: SoakOptions,
  findings: ReportedFinding[],
): Promise<void> {
  const finding = await shrunk(found, seed, options);
  const like = findings.find((known) => signature(known) === signature(finding));
  if (like) {
    like.times += 1;
    return;
  }
  const reported = { ...finding, seed, times: 1, code: codeOf(finding, options.targets, seed) };
  findings.push(reported);
  options.onFinding?.(reported);
}

/** The smallest program that fails likewise: shrunk first as fast-check drew it, then as the program that it is. */
async function shrunk(found: Finding, seed: number, options: SoakOptions): Promise<Finding> {
  const { targets, maxSteps = 6, shrinkTime = 60_000 } = options;
  const end = performance.now() + shrinkTime;
  const suspects = targets.filter(({ name }) => name === found.target || isTwin(found, targets, name));
  const failsLikewise = async (program: Program, mostRuns?: number): Promise<Finding | undefined> => {
    const finding = await check(program, {
      targets: suspects,
      tally: newTally(),
      withReference: suspects.length === 0,
      withDifferences: found.target === 'gradient',
      ...(mostRuns === undefined ? {} : { mostRuns }),
    });
    return finding?.target === found.target ? finding : undefined;
  };
  const recheck = async (program: Program): Promise<Finding | undefined> =>
    performance.now() > end ? undefined : failsLikewise(program, RUNS_TO_SHRINK);
  let smallest = found;
  await fc.check(
    fc.asyncProperty(programs({ maxSteps }), async (program) => {
      const finding = await recheck(program);
      if (!finding) return;
      smallest = finding;
      throw new FoundError(finding);
    }),
    { seed, numRuns: BATCH },
  );
  const simplest = await simplify(smallest, recheck);
  return (await failsLikewise(simplest.program)) ?? found;
}

/** Whether `name` is the set whose bits the failing target must have. */
function isTwin({ target }: Finding, targets: readonly Target[], name: string): boolean {
  return targets.some((t) => t.name === target && t.twinOf === name);
}

/** Findings alike are probably one bug. */
function signature({ target, what, program }: Finding): string {
  return [target.replace(/-\d$/, ''), what, ...program.steps.map(({ callee }) => callee)].join(' ');
}

function codeOf(finding: Finding, targets: readonly Target[], seed: number): string {
  const target = targets.find(({ name }) => name === finding.target);
  const comment = [
    finding.message,
    `npm run soak -- --seed ${seed}`,
    'From the root of the repository: npx tsx --tsconfig tsconfig.json <this file>',
    ...(target?.setBackend[0] === 'wasm'
      ? ['The soak lets threads take part in small kernels too; setBackend does not.']
      : []),
  ];
  return printProgram(finding.program, {
    comment,
    backends: [['reference'], ...(target ? [target.setBackend] : [])],
    ...(target ? {} : { dtypes: ['float64', 'float32'] }),
    checksGradient: finding.target === 'gradient',
  });
}

function nameOf({ callee, args }: Program['steps'][number]): string {
  return callee === 'poolBy' || callee === 'optimize' ? `${callee} ${args[0]}` : callee;
}

class FoundError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}
