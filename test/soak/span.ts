/**
 * @file The span of results that a program may have, and whether a result lies in it.
 */
import { Generator } from '../../src/index.js';
import { evaluate, type Result } from './evaluate.js';
import { type Freedom, permittedRun } from './permittedKernels.js';
import type { Program } from './program.js';
import { referenceKernels, useKernels } from './sets.js';

/** After how many runs it is looked whether a result lies in the span. Few are enough for most programs. */
const LOOKS = [3, 8, 24, 64];
/** After so many a result outside of the span is an error, unless one is content with less. */
export const MOST_RUNS = 64;
/** How far beyond the span of the runs a result may be, in widths of it: a few runs don't reach the ends. */
const MARGIN = 2;
/** What agrees to so many units of the last place needs no span. */
const UNITS_THAT_AGREE = 4;
const FLOAT32_UNIT = 2 ** -23;
const SMALLEST = 2 ** -149;

/** One cell of a result that should have been another. */
export interface Difference {
  readonly result: string;
  readonly cell: number;
  readonly actual: number;
  readonly expected: number;
  /** The least and the largest that a correct set may have. */
  readonly low: number;
  readonly high: number;
}

/** How the cells of a result may differ, from the runs so far. */
interface Cells {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly mayBeNaN: boolean[];
  readonly mayBeInfinite: boolean[];
  readonly mayBeFinite: boolean[];
  /** Whether a run that errs was finite, and not the reference alone. */
  readonly staysFinite: boolean[];
}

/** What a correct set of some freedom may compute for one program. It is widened when a result asks for it. */
export class Span {
  readonly #program: Program;
  readonly #expected: readonly Result[];
  readonly #freedom: Freedom;
  readonly #generator = new Generator(1);
  readonly #cells: readonly Cells[];
  #runs = 0;
  #metInfinity = false;

  /** @param expected the reference's results in float32 */
  constructor(program: Program, expected: readonly Result[], freedom: Freedom) {
    this.#program = program;
    this.#expected = expected;
    this.#freedom = freedom;
    this.#cells = expected.map(({ values }) => emptyCells(values.length));
    this.#widen(expected, false);
  }

  /** The worst cell that no correct set can have; undefined if there is none. */
  async differenceOf(actual: readonly Result[], mostRuns = MOST_RUNS): Promise<Difference | undefined> {
    if (agrees(actual, this.#expected)) return undefined;
    for (const runs of LOOKS.filter((looks) => looks <= mostRuns)) {
      while (this.#runs < runs) await this.#run();
      if (!this.#firstOutside(actual)) return undefined;
    }
    return this.#firstOutside(actual);
  }

  /** The share of cells whose span is narrower than a hundredth of the largest cell of their result. */
  narrowShare(): number {
    let [narrow, all] = [0, 0];
    this.#expected.forEach(({ values }, r) => {
      const scale = largest(values);
      const { low = [], high = [] } = this.#cells[r] ?? {};
      all += values.length;
      for (let i = 0; i < values.length; i++) if ((high[i] ?? 0) - (low[i] ?? 0) <= 0.01 * scale) narrow += 1;
    });
    return all === 0 ? 1 : narrow / all;
  }

  async #run(): Promise<void> {
    const { kernels, metInfinity } = permittedRun(this.#freedom, this.#generator);
    await useKernels(kernels);
    try {
      this.#widen(await evaluate(this.#program, { dtype: 'float32', backend: 'reference' }), true);
    } finally {
      await useKernels(referenceKernels);
    }
    this.#metInfinity ||= metInfinity();
    this.#runs += 1;
  }

  #widen(results: readonly Result[], errs: boolean): void {
    results.forEach(({ values }, r) => {
      const cells = this.#cells[r];
      if (!cells) return;
      values.forEach((value, i) => {
        if (Number.isNaN(value)) cells.mayBeNaN[i] = true;
        else if (!Number.isFinite(value)) cells.mayBeInfinite[i] = true;
        else {
          cells.mayBeFinite[i] = true;
          cells.staysFinite[i] ||= errs;
          cells.low[i] = Math.min(cells.low[i] ?? value, value);
          cells.high[i] = Math.max(cells.high[i] ?? value, value);
        }
      });
    });
  }

  #firstOutside(actual: readonly Result[]): Difference | undefined {
    for (const [r, { name, values }] of actual.entries()) {
      const expected = this.#expected[r]?.values ?? new Float32Array();
      for (let cell = 0; cell < expected.length; cell++) {
        const value = values[cell] ?? Number.NaN;
        if (this.#mayBe(r, cell, value)) continue;
        const { low = [], high = [] } = this.#cells[r] ?? {};
        const [lowest = 0, highest = 0] = [low[cell], high[cell]];
        return { result: name, cell, actual: value, expected: expected[cell] ?? 0, low: lowest, high: highest };
      }
    }
    return undefined;
  }

  #mayBe(result: number, cell: number, value: number): boolean {
    const cells = this.#cells[result];
    if (!cells) return false;
    const mayNotBeFinite = (cells.mayBeNaN[cell] || cells.mayBeInfinite[cell]) ?? false;
    if (Number.isNaN(value)) return (cells.mayBeNaN[cell] ?? false) || (mayNotBeFinite && this.#metInfinity);
    if (!Number.isFinite(value)) return (cells.mayBeInfinite[cell] ?? false) || (mayNotBeFinite && this.#metInfinity);
    if (!cells.mayBeFinite[cell]) return false;
    const [low, high] = [cells.low[cell] ?? 0, cells.high[cell] ?? 0];
    // Near overflow any finite value will do, and also where the errors of all runs led there: they span nothing.
    const isNearOverflow = Math.max(Math.abs(low), Math.abs(high)) > 1e30 || !cells.staysFinite[cell];
    if (mayNotBeFinite && isNearOverflow) return true;
    const margin = MARGIN * (high - low) + UNITS_THAT_AGREE * (FLOAT32_UNIT * Math.abs(value) + SMALLEST);
    return value >= low - margin && value <= high + margin;
  }
}

function emptyCells(length: number): Cells {
  return {
    low: new Float64Array(length).fill(Infinity),
    high: new Float64Array(length).fill(-Infinity),
    mayBeNaN: [],
    mayBeInfinite: [],
    mayBeFinite: [],
    staysFinite: [],
  };
}

/** Whether all cells agree but for their last digits. */
function agrees(actual: readonly Result[], expected: readonly Result[]): boolean {
  return expected.every(({ values }, r) =>
    values.every((e, i) => {
      const a = actual[r]?.values[i] ?? Number.NaN;
      return Object.is(a, e) || Math.abs(a - e) <= UNITS_THAT_AGREE * FLOAT32_UNIT * Math.abs(e);
    }),
  );
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0);
}
