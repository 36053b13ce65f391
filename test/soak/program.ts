/**
 * @file A random program: inputs, calls of public functions on them and on earlier results, and what is asked of the results.
 *
 * It is plain data, so that it can be run on any backend, shrunk, and printed as the code that it stands for.
 */
import type { Shape } from '../../src/index.js';

/** What a program's inputs are like. */
export type InputKind = 'ordinary' | 'ties' | 'zeros' | 'tiny' | 'huge' | 'NaN' | 'infinities';

/** How derivatives are asked for. All three must give the same. */
export type Style = 'gradients' | 'grad' | 'backward';

/** An input (`x0`) or the result of a step (`y0`). */
export class Ref {
  constructor(
    readonly kind: 'x' | 'y',
    readonly index: number,
  ) {}

  get name(): string {
    return `${this.kind}${this.index}`;
  }
}

/** A generator with a seed, made anew for every call. */
export class Seeded {
  constructor(readonly seed: number) {}
}

export type Arg =
  | number
  | string
  | boolean
  | undefined
  | Ref
  | Seeded
  | readonly Arg[]
  | { readonly [key: string]: Arg };

/** A call of a public function of softgrad, or of one in `support.ts`. */
export interface Step {
  readonly callee: string;
  readonly args: readonly Arg[];
}

export interface Leaf {
  readonly shape: Shape;
  /** Whole float32 numbers, so that every dtype sees the same ones. */
  readonly values: Float32Array;
}

export interface Program {
  readonly leaves: readonly Leaf[];
  readonly steps: readonly Step[];
  /** What is compared, and differentiated. */
  readonly outputs: readonly Ref[];
  /** 0 compares values, 1 also first derivatives, 2 also second ones. */
  readonly order: 0 | 1 | 2;
  readonly style: Style;
  readonly inputs: InputKind;
}

/** The inputs and results that an argument mentions. */
export function refsIn(arg: Arg): Ref[] {
  if (arg instanceof Ref) return [arg];
  if (typeof arg !== 'object' || arg instanceof Seeded) return [];
  return Object.values(arg).flatMap(refsIn);
}

/** The same argument with other inputs and results. */
export function mapRefs(arg: Arg, f: (ref: Ref) => Ref): Arg {
  if (arg instanceof Ref) return f(arg);
  if (typeof arg !== 'object' || arg instanceof Seeded) return arg;
  if (isList(arg)) return arg.map((entry) => mapRefs(entry, f));
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, mapRefs(value, f)]));
}

export function isList(arg: Arg): arg is readonly Arg[] {
  return Array.isArray(arg);
}

/** The program without the steps and inputs that its outputs don't need. */
export function pruned(program: Program): Program {
  const needed = new Set<string>();
  const visit = (ref: Ref): void => {
    if (needed.has(ref.name)) return;
    needed.add(ref.name);
    if (ref.kind === 'y') program.steps[ref.index]?.args.flatMap(refsIn).forEach(visit);
  };
  program.outputs.forEach(visit);
  const positions = { x: renumbered(program.leaves, 'x', needed), y: renumbered(program.steps, 'y', needed) };
  const moved = (ref: Ref): Ref => new Ref(ref.kind, positions[ref.kind][ref.index] ?? 0);
  return {
    ...program,
    leaves: program.leaves.filter((_, i) => needed.has(`x${i}`)),
    steps: program.steps
      .filter((_, i) => needed.has(`y${i}`))
      .map((step) => ({ ...step, args: step.args.map((arg) => mapRefs(arg, moved)) })),
    outputs: program.outputs.map(moved),
  };
}

/** Where each entry stands once those that aren't needed are gone. */
function renumbered(entries: readonly unknown[], kind: Ref['kind'], needed: ReadonlySet<string>): number[] {
  let next = 0;
  return entries.map((_, i) => (needed.has(`${kind}${i}`) ? next++ : -1));
}
