/**
 * @file Runs a program: on the set of kernels that is active, with inputs of a dtype that it has.
 */
import * as softgrad from '../../src/index.js';
import { type DType, Generator, scope, Tensor, tensor } from '../../src/index.js';
import { type Arg, type Program, Ref, Seeded, type Step, type Style } from './program.js';
import * as support from './support.js';

/** Values, gradients or second derivatives, and what they are of. */
export interface Result {
  /** `y3`, `∂/∂x0`, `∂²/∂x0`. */
  readonly name: string;
  readonly values: softgrad.FloatArray;
}

export interface RunOptions {
  readonly dtype: DType;
  readonly backend: softgrad.BackendName;
  /** Default: the program's own. */
  readonly style?: Style;
}

const callables: Readonly<Record<string, unknown>> = { ...softgrad, ...support };

/** What the program's outputs are, and their derivatives. The kernels must be those of the active backend. */
export async function evaluate(program: Program, options: RunOptions): Promise<Result[]> {
  const tensors = scope(() => {
    const { dtype, backend } = options;
    const xs = program.leaves.map(({ shape, values }) => tensor(values, { shape, dtype, backend, requiresGrad: true }));
    const found = support.derivatives(asFunction(program), xs, options.style ?? program.style, program.order);
    const results = found.map((t) => t.detach());
    // What `backward` stores in `.grad` outlives its scope.
    for (const t of found) if (t.isKept) t.dispose();
    return results;
  });
  const names = resultNames(program);
  try {
    const values = await Promise.all(tensors.map((t) => t.data()));
    return values.map((data, i) => ({ name: names[i] ?? `result ${i}`, values: data }));
  } finally {
    for (const t of tensors) t.dispose();
  }
}

/** What the results of a program are called, in order. */
export function resultNames({ outputs, leaves, order }: Program): string[] {
  const first = leaves.map((_, i) => `∂/∂x${i}`);
  const second = leaves.map((_, i) => `∂²/∂x${i}`);
  return [...outputs.map(({ name }) => name), ...(order >= 1 ? first : []), ...(order >= 2 ? second : [])];
}

/** The program as a function of its inputs. */
export function asFunction({ steps, outputs }: Program): (...xs: Tensor[]) => Tensor[] {
  return (...xs) => {
    const ys: Tensor[] = [];
    for (const step of steps) ys.push(call(step, xs, ys));
    return outputs.map((ref) => lookUp(ref, xs, ys));
  };
}

/** Makes one call. */
export function call({ callee, args }: Step, xs: readonly Tensor[], ys: readonly Tensor[]): Tensor {
  const f = callables[callee];
  if (typeof f !== 'function') throw new RangeError(`there is no ${callee}`);
  const result: unknown = Reflect.apply(
    f,
    undefined,
    args.map((arg) => resolve(arg, xs, ys)),
  );
  if (!(result instanceof Tensor)) throw new TypeError(`${callee} returned no tensor`);
  return result;
}

function resolve(arg: Arg, xs: readonly Tensor[], ys: readonly Tensor[]): unknown {
  if (arg instanceof Ref) return lookUp(arg, xs, ys);
  if (arg instanceof Seeded) return new Generator(arg.seed);
  if (typeof arg !== 'object') return arg;
  if (Array.isArray(arg)) return arg.map((entry) => resolve(entry, xs, ys));
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, resolve(value, xs, ys)]));
}

function lookUp({ kind, index }: Ref, xs: readonly Tensor[], ys: readonly Tensor[]): Tensor {
  const found = (kind === 'x' ? xs : ys)[index];
  if (!found) throw new RangeError(`there is no ${kind}${index}`);
  return found;
}
