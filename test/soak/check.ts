/**
 * @file One program on every set, and the first thing that is wrong.
 */
import { memory } from '../../src/index.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { centralDifference } from './centralDifference.js';
import { evaluate, type Result } from './evaluate.js';
import type { Freedom } from './permittedKernels.js';
import type { Program } from './program.js';
import { referenceKernels, type Target, useKernels, wasmFreedom } from './sets.js';
import { type Difference, Span } from './span.js';

/** What is wrong with a set, the reference included. */
export interface Finding {
  readonly program: Program;
  /** The set that is wrong, if the float64 reference is right: a target's name, `reference float32` or `gradient`. */
  readonly target: string;
  readonly what: 'values' | 'bits' | 'exception' | 'memory';
  /** In words. */
  readonly message: string;
  readonly difference?: Difference;
}

/** How often what was looked at. */
export interface Tally {
  programs: number;
  /** Programs compared, by target. */
  readonly compared: Map<string, number>;
  readonly cells: Map<string, number>;
  /** Calls of each kernel of the contract, on the reference. */
  readonly kernels: Map<string, number>;
  /** Programs whose derivatives were compared with differences of values. */
  differences: number;
  /** Programs whose span was looked at, and the sum of their shares of narrow cells. */
  spans: number;
  narrow: number;
}

export function newTally(): Tally {
  return {
    programs: 0,
    compared: new Map(),
    cells: new Map(),
    kernels: new Map(),
    differences: 0,
    spans: 0,
    narrow: 0,
  };
}

export interface CheckOptions {
  readonly targets: readonly Target[];
  readonly tally: Tally;
  /** Look at central differences, too. */
  readonly withDifferences: boolean;
  /** Whether float32 and float64 are compared on the reference. Default true. */
  readonly withReference?: boolean;
  /** Runs after which a result outside of the span is an error. Default `MOST_RUNS`. */
  readonly mostRuns?: number;
}

/** float32 may differ from float64 by what rounding alone makes of a program. */
const rounding: Freedom = { ...wasmFreedom, roughDivision: true, roughArithmetic: true };

/** Runs `program` everywhere; undefined if all is well. */
export async function check(program: Program, options: CheckOptions): Promise<Finding | undefined> {
  const { tally, targets, mostRuns } = options;
  tally.programs += 1;
  await useKernels(counting(referenceKernels, tally.kernels));
  const expected = await evaluate(program, { dtype: 'float32', backend: 'reference' });
  await useKernels(referenceKernels);
  const wrongReference = options.withReference !== false && (await checkReference(program, expected, options));
  if (wrongReference) return wrongReference;
  const seen = new Map<string, readonly Result[]>();
  const spans = new Map<Freedom['tolerances'], Span>();
  for (const target of targets) {
    const finding = await checkTarget(program, target, { expected, seen, spans, tally, mostRuns });
    if (finding) return finding;
  }
  return undefined;
}

async function checkReference(
  program: Program,
  expected: readonly Result[],
  { tally, withDifferences, mostRuns }: CheckOptions,
): Promise<Finding | undefined> {
  if (program.inputs !== 'ordinary' && program.inputs !== 'ties') return undefined;
  const exact = await evaluate(program, { dtype: 'float64', backend: 'reference', style: 'gradients' });
  const span = new Span(program, expected, rounding);
  const difference = await span.differenceOf(exact, mostRuns);
  count(tally.compared, 'reference float64');
  if (difference) return { ...described('float64', difference), program, target: 'reference float32', difference };
  if (tally.programs % 16 === 0) {
    tally.spans += 1;
    tally.narrow += span.narrowShare();
  }
  if (!withDifferences || program.order === 0 || program.inputs !== 'ordinary') return undefined;
  const mistake = centralDifference(program, exact);
  tally.differences += 1;
  return mistake ? { program, target: 'gradient', what: 'values', message: mistake } : undefined;
}

interface Seen {
  readonly expected: readonly Result[];
  readonly seen: Map<string, readonly Result[]>;
  readonly spans: Map<Freedom['tolerances'], Span>;
  readonly tally: Tally;
  readonly mostRuns: number | undefined;
}

async function checkTarget(
  program: Program,
  target: Target,
  { expected, seen, spans, tally, mostRuns }: Seen,
): Promise<Finding | undefined> {
  const { name, kernels, freedom } = target;
  const before = memory();
  let actual: readonly Result[];
  try {
    await useKernels(kernels);
    actual = await evaluate(program, { dtype: 'float32', backend: kernels.name });
  } catch (error) {
    const message = `${name} throws: ${error instanceof Error ? error.message : error}`;
    return { program, target: name, what: 'exception', message };
  } finally {
    await useKernels(referenceKernels);
  }
  count(tally.compared, name);
  count(
    tally.cells,
    name,
    expected.reduce((total, { values }) => total + values.length, 0),
  );
  seen.set(name, actual);
  const twin = target.twinOf === undefined ? undefined : seen.get(target.twinOf);
  const different = twin && firstOtherBits(actual, twin);
  if (different)
    return { ...described(target.twinOf ?? '', different), program, target: name, what: 'bits', difference: different };
  const left = memory().storages - before.storages;
  if (left > 0 && program.style !== 'backward') {
    return { program, target: name, what: 'memory', message: `${name} leaves ${left} storages behind` };
  }
  if (twin) return undefined;
  const span = spans.get(freedom.tolerances) ?? new Span(program, expected, freedom);
  spans.set(freedom.tolerances, span);
  const difference = await span.differenceOf(actual, mostRuns);
  return difference && { ...described(name, difference), program, target: name, difference };
}

function described(name: string, difference: Difference): Pick<Finding, 'what' | 'message'> {
  const { result, cell, actual, expected, low, high } = difference;
  const span = low < high ? `, where correct kernels give ${low} to ${high}` : '';
  return {
    what: 'values',
    message: `${result}[${cell}] is ${actual} on ${name} and ${expected} on the reference${span}`,
  };
}

function firstOtherBits(actual: readonly Result[], twin: readonly Result[]): Difference | undefined {
  for (const [r, { name, values }] of actual.entries()) {
    const expected = twin[r]?.values ?? new Float32Array();
    const cell = values.findIndex((value, i) => !Object.is(value, expected[i]));
    if (cell < 0) continue;
    const [a, e] = [values[cell] ?? Number.NaN, expected[cell] ?? Number.NaN];
    return { result: name, cell, actual: a, expected: e, low: e, high: e };
  }
  return undefined;
}

/** The same kernels, each of whose calls is counted. */
function counting(kernels: Kernels, counts: Map<string, number>): Kernels {
  return new Proxy(kernels, {
    get(target, name) {
      if (typeof name === 'string') count(counts, name);
      return Reflect.get(target, name);
    },
  });
}

function count(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
