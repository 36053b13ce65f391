/**
 * @file How far may a set of kernels be off after a whole program? As far as the program carries what each kernel may be off.
 *
 * No formula tells, but an experiment does: the reference set, each of whose kernels errs at random by as much as its entry in
 * `tolerances.ts` permits. A few runs of a program on it span the results that a correct set may have. Where the program cancels
 * digits, decides between branches by the last bit, or nears overflow, so do they. (Monte Carlo arithmetic: D. S. Parker,
 * UCLA CSD-970002, 1997; J. Vignes, "A stochastic arithmetic for reliable scientific computation", 1993.)
 */
import type { Generator } from '../../src/index.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference/referenceKernels.js';
import type { ReferenceStorage } from '../../src/kernels/reference/storage.js';
import type { KernelMethod, KernelTolerances } from '../tolerances.js';

/** What a set is free to do. */
export interface Freedom {
  readonly tolerances: KernelTolerances;
  /** Whether quotients and roots may be off by more than rounding, as in shading languages. */
  readonly roughDivision: boolean;
  /** Whether sums and products, too, may be off by a unit in the last place: what tells float32 from float64. */
  readonly roughArithmetic?: boolean;
}

/** What one run has met. */
export interface PermittedRun {
  readonly kernels: Kernels<ReferenceStorage>;
  /** Whether any kernel returned an infinity: then the order of operations may decide between ∞ and NaN. */
  metInfinity(): boolean;
}

/** What differs from run to run. */
interface Mood {
  /** One error for all cells of a result, rather than one for each: errors of one sign add up. */
  readonly inUnison: boolean;
  /** Results below are 0, and above infinite: a set may lose in the middle of a kernel what the reference keeps. */
  readonly least: number;
  readonly most: number;
  /** Whether zeros stay as they are. */
  readonly keepsZeros: boolean;
}

const FLOAT32_UNIT = 2 ** -23;
const sums: readonly KernelMethod[] = [
  ...(['matmul', 'conv', 'convInputGrad', 'convWeightGrad', 'reduce', 'avgPool', 'avgUnpool', 'fold'] as const),
];
/** Fast algorithms compute neighbouring cells together: errors, and NaN, are shared. */
const mixing: readonly KernelMethod[] = ['conv', 'convInputGrad', 'convWeightGrad', 'batchNormGrad'];
/** Rounded once, or not at all, by every set. */
const exactUnary = ['neg', 'abs', 'sign', 'relu', 'leakyRelu', 'addScalar', 'mulScalar', 'sqrt'];
const roughBinary = ['pow', 'div'];
const withActivation: readonly KernelMethod[] = ['conv', 'matmul', 'batchNorm'];
const computing: ReadonlySet<string> = new Set(Object.keys(referenceKernels));
const apart: ReadonlySet<string> = new Set(['name', 'info', 'read', 'readSync', 'free']);

/** A reference set whose kernels err. */
export function permittedRun(freedom: Freedom, generator: Generator): PermittedRun {
  const mood: Mood = {
    inUnison: generator.bernoulli(0.5),
    least: generator.bernoulli(0.5) ? 1e-36 : 0,
    most: generator.bernoulli(0.5) ? 1e36 : Infinity,
    keepsZeros: generator.bernoulli(0.5),
  };
  let metInfinity = false;
  const kernels = new Proxy(referenceKernels, {
    get(target, name) {
      const kernel: unknown = Reflect.get(target, name);
      if (typeof kernel !== 'function' || !isMethod(name)) return kernel;
      return (...args: unknown[]) => {
        const run: Kernel = (inputs) => Reflect.apply(kernel, undefined, inputs);
        const result = erring(name, run, args, { freedom, mood, generator });
        metInfinity ||= storagesIn(result).some(({ values }) => values.some((v) => Math.abs(v) === Infinity));
        return result;
      };
    },
  });
  return { kernels, metInfinity: () => metInfinity };
}

function isMethod(name: string | symbol): name is KernelMethod {
  return typeof name === 'string' && computing.has(name) && !apart.has(name);
}

type Kernel = (args: unknown[]) => unknown;

interface Errors {
  readonly freedom: Freedom;
  readonly mood: Mood;
  readonly generator: Generator;
}

/** A kernel's result, and on it what the kernel may err. An activation that is part of the kernel comes after the error. */
function erring(method: KernelMethod, kernel: Kernel, args: unknown[], errors: Errors): unknown {
  const { freedom, mood, generator } = errors;
  const hasRelu = withActivation.includes(method) && args.some(isRelu);
  const shifted = method === 'batchNormGrad' ? withRoundedInput(args, errors) : args;
  const linear = hasRelu ? shifted.map(withoutRelu) : shifted;
  // Kernels that work in place consume their inputs, so what errors are measured by comes first.
  const sizes = errorSizes(method, kernel, linear, freedom);
  const result: unknown = kernel(linear);
  const mixesNaN = mixing.includes(method) && generator.bernoulli(0.5) && storagesIn(args).some(hasNonFinite);
  storagesIn(result).forEach(({ values }, output) => {
    const common = generator.uniform() * 2 - 1;
    const size = sizes?.(output);
    for (let i = 0; i < values.length; i++) {
      let value = values[i] ?? Number.NaN;
      if (mixesNaN) value = Number.NaN;
      if (size && Number.isFinite(value) && !(value === 0 && mood.keepsZeros)) {
        value += (mood.inUnison ? common : generator.uniform() * 2 - 1) * size(i, value);
      }
      if (hasRelu && value <= 0) value = 0;
      if (Math.abs(value) < mood.least) value = 0;
      if (Math.abs(value) > mood.most) value = Math.sign(value) * Infinity;
      values[i] = value;
    }
  });
  return result;
}

/** The largest error of each cell of each output; undefined for kernels that are exact. */
type ErrorSizes = (output: number) => (cell: number, value: number) => number;

function errorSizes(method: KernelMethod, kernel: Kernel, args: unknown[], freedom: Freedom): ErrorSizes | undefined {
  const { rtol, atol } = freedom.tolerances[method];
  const rounded = rounding(method, args, freedom);
  if (rounded !== undefined) return rounded === 0 ? undefined : () => (_, value) => rounded * Math.abs(value);
  if (rtol === 0 && atol === 0) return undefined;
  if (sums.includes(method)) return ofTerms(method, kernel, args, { rtol, atol });
  const inputs = storagesIn(args);
  if (method === 'unary' || method === 'binary') {
    const [x, ...others] = inputs;
    const isAligned = x !== undefined && others.every(({ length }) => length === x.length);
    const scale = isAligned ? (i: number) => Math.max(...inputs.map(({ values }) => finiteSize(values[i]))) : () => 0;
    return () => (i, value) => rtol * Math.abs(value) + atol * Math.max(scale(i), Math.abs(value));
  }
  const scale = largest(inputs);
  return () => (_, value) => rtol * Math.abs(value) + atol * Math.max(scale, Math.abs(value));
}

/** The relative error of kernels that are one operation of IEEE 754; undefined for others. */
function rounding(method: KernelMethod, args: readonly unknown[], freedom: Freedom): number | undefined {
  const [op, , scalar] = args;
  const own = freedom.roughArithmetic ? FLOAT32_UNIT : 0;
  if (method === 'unary' && typeof op === 'string' && exactUnary.includes(op)) {
    if (op === 'sqrt' && freedom.roughDivision) return undefined;
    // A set may round the number before it computes with it.
    const isRounded = typeof scalar === 'number' && Math.fround(scalar) !== scalar;
    return isRounded ? 2 * FLOAT32_UNIT : own;
  }
  if (
    method === 'binary' &&
    typeof op === 'string' &&
    !(roughBinary.includes(op) && (op === 'pow' || freedom.roughDivision))
  ) {
    return own;
  }
  if (method === 'reduce' && op !== 'sum') return 0;
  return undefined;
}

/** Errors in proportion to Σ |terms|: the same kernel of the inputs' magnitudes. */
function ofTerms(
  method: KernelMethod,
  kernel: Kernel,
  args: unknown[],
  { rtol, atol }: { readonly rtol: number; readonly atol: number },
): ErrorSizes {
  const terms = storagesIn(kernel(args.map(magnitudes)));
  return (output) => {
    const { values = new Float32Array() } = terms[output] ?? {};
    const most = mixing.includes(method)
      ? Array.from(values).reduce((a, b) => Math.max(a, finiteSize(b)), 0)
      : undefined;
    return (i, value) => rtol * Math.abs(value) + atol * (most ?? finiteSize(values[i]));
  };
}

/** Whether batch normalisation's relu lets a cell's gradient through, the last bit may decide: x, μ and σ are rounded. */
function withRoundedInput(args: unknown[], { generator }: Errors): unknown[] {
  const [cotangent, x, norm, ...rest] = args;
  const [cells] = storagesIn(x);
  if (!cells || !isRecord(norm) || norm.activation !== 'relu') return args;
  const scale = largest([cells]);
  const values = cells.values.map((v) => v + (generator.uniform() * 2 - 1) * FLOAT32_UNIT * scale);
  return [cotangent, { ...cells, values }, norm, ...rest];
}

function isRelu(arg: unknown): boolean {
  return arg === 'relu' || (isRecord(arg) && arg.activation === 'relu');
}

function withoutRelu(arg: unknown): unknown {
  if (arg === 'relu') return 'none';
  return isRecord(arg) && arg.activation === 'relu' ? { ...arg, activation: 'none' } : arg;
}

/** The same argument with the magnitudes of all finite cells, and 1 for the others. */
function magnitudes(arg: unknown): unknown {
  if (!isStorage(arg)) return arg;
  return { ...arg, values: arg.values.map((value) => finiteSize(value) || (value === 0 ? 0 : 1)) };
}

function finiteSize(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? Math.abs(value) : 0;
}

function largest(storages: readonly ReferenceStorage[]): number {
  return storages.reduce((most, { values }) => {
    for (const value of values) most = Math.max(most, finiteSize(value));
    return most;
  }, 0);
}

function hasNonFinite({ values }: ReferenceStorage): boolean {
  return values.some((value) => !Number.isFinite(value));
}

/** The storages in arguments or results, also inside lists and records. */
export function storagesIn(value: unknown): ReferenceStorage[] {
  if (isStorage(value)) return [value];
  return isRecord(value) ? Object.values(value).flatMap(storagesIn) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isStorage(value: unknown): value is ReferenceStorage {
  return isRecord(value) && ArrayBuffer.isView(value.values);
}
