/**
 * @file Makes a failing program smaller where fast-check has stopped: by what a program is rather than by how it was drawn.
 */
import { noGrad, scope, tensor } from '../../src/index.js';
import type { Finding } from './check.js';
import { asFunction } from './evaluate.js';
import { type Leaf, mapRefs, type Program, pruned, Ref } from './program.js';

/** Whether a program fails too, and how. */
export type Recheck = (program: Program) => Promise<Finding | undefined>;

/** The smallest failing program that is found by trying each simplification, again and again, at most `budget` times. */
export async function simplify(finding: Finding, recheck: Recheck, budget = 400): Promise<Finding> {
  let best = finding;
  let left = budget;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of simpler(best.program)) {
      if (left-- <= 0) return best;
      const failure = await recheck(candidate).catch(() => undefined);
      if (failure?.target !== finding.target) continue;
      best = failure;
      found = true;
      break;
    }
  }
  return best;
}

/** Programs that are a little simpler, those that drop most first. */
function* simpler(program: Program): Generator<Program> {
  const { steps, leaves, outputs, order, style } = program;
  const unused = pruned(program);
  if (unused.steps.length < steps.length || unused.leaves.length < leaves.length) yield unused;
  for (let lower: 0 | 1 | 2 = 0; lower < order; lower++) yield { ...program, order: lower === 0 ? 0 : 1 };
  for (const [i, step] of steps.entries()) {
    const output = new Ref('y', i);
    const isAlone = outputs.length === 1 && outputs[0]?.name === output.name;
    if (!isAlone && step.callee !== 'reshape') yield pruned({ ...program, outputs: [output] });
  }
  if (outputs.length > 1)
    for (const left of outputs) yield pruned({ ...program, outputs: outputs.filter((o) => o !== left) });
  yield* cut(program);
  if (style !== 'gradients') yield { ...program, style: 'gradients' };
  for (const [i, leaf] of leaves.entries()) {
    for (const values of plainer(leaf)) yield { ...program, leaves: leaves.with(i, { ...leaf, values }) };
  }
}

/** Programs that begin later: an intermediate result, with the values it has, becomes an input. */
function* cut(program: Program): Generator<Program> {
  const { steps, leaves, outputs } = program;
  const results = scope(() => {
    const xs = leaves.map(({ shape, values }) => tensor(values, { shape, backend: 'reference' }));
    const all = asFunction({ ...program, outputs: steps.map((_, i) => new Ref('y', i)) });
    return noGrad(() => all(...xs)).map((t): Leaf => ({ shape: t.shape, values: Float32Array.from(t.dataSync()) }));
  });
  for (let i = steps.length - 1; i >= 0; i--) {
    const result = results[i];
    const isOutput = outputs.some(({ name }) => name === `y${i}`);
    if (!result || isOutput) continue;
    const replaced = (ref: Ref): Ref => (ref.name === `y${i}` ? new Ref('x', leaves.length) : ref);
    const moved = steps.map((step) => ({ ...step, args: step.args.map((arg) => mapRefs(arg, replaced)) }));
    yield pruned({ ...program, leaves: [...leaves, result], steps: moved });
  }
}

/** Plainer values for an input, the plainest first. */
function* plainer({ values }: Leaf): Generator<Float32Array> {
  const forms: readonly ((value: number, i: number) => number)[] = [
    () => 0,
    () => 1,
    (_, i) => (i % 5) - 2,
    Math.round,
    (value) => Math.round(value * 4) / 4,
    (value) => Number(value.toPrecision(2)),
  ];
  for (const form of forms) {
    const plain = values.map((value, i) => (Number.isFinite(value) ? form(value, i) : value));
    // Only what is shorter to write is plainer; otherwise two forms could take turns for ever.
    if (lengthOf(plain) < lengthOf(values)) yield plain;
  }
}

function lengthOf(values: Float32Array): number {
  return values.join().length;
}
