/**
 * @file Gradients of functions: f ↦ ∂f, which can be applied again.
 */
import { GradientError } from '../errors.js';
import { isGradEnabled, withGradMode } from '../tensor/gradMode.js';
import { dependsOnOthers, gradients } from '../tensor/graph.js';
import type { Tensor } from '../tensor/tensor.js';
import { variable } from './vjpOf.js';

export interface GradOptions {
  /** Which arguments to differentiate with respect to. Default: the first. */
  readonly argnums?: number | readonly number[];
}

type ScalarFunction = (...inputs: Tensor[]) => Tensor;

/** The gradient of a scalar function with respect to its first argument: `grad(f)(x)` is ∂f(x)/∂x, of x's shape. */
export function grad(f: ScalarFunction): (...inputs: Tensor[]) => Tensor;
/** With respect to argument number `argnums`. */
export function grad(f: ScalarFunction, options: { readonly argnums?: number }): (...inputs: Tensor[]) => Tensor;
/** With respect to several arguments at once. */
export function grad(
  f: ScalarFunction,
  options: { readonly argnums: readonly number[] },
): (...inputs: Tensor[]) => Tensor[];
export function grad(f: ScalarFunction, options: GradOptions = {}): (...inputs: Tensor[]) => Tensor | Tensor[] {
  return (...inputs) => differentiate('grad', f, inputs, options).gradient;
}

/** Value and gradient of a scalar function in one pass: `[f(x), ∂f(x)/∂x]`. */
export function valueAndGrad(f: ScalarFunction): (...inputs: Tensor[]) => [Tensor, Tensor];
/** With respect to argument number `argnums`. */
export function valueAndGrad(
  f: ScalarFunction,
  options: { readonly argnums?: number },
): (...inputs: Tensor[]) => [Tensor, Tensor];
/** With respect to several arguments at once. */
export function valueAndGrad(
  f: ScalarFunction,
  options: { readonly argnums: readonly number[] },
): (...inputs: Tensor[]) => [Tensor, Tensor[]];
export function valueAndGrad(
  f: ScalarFunction,
  options: GradOptions = {},
): (...inputs: Tensor[]) => [Tensor, Tensor | Tensor[]] {
  return (...inputs) => {
    const { value, gradient } = differentiate('valueAndGrad', f, inputs, options);
    return [value, gradient];
  };
}

function differentiate(
  operation: string,
  f: ScalarFunction,
  inputs: readonly Tensor[],
  { argnums = 0 }: GradOptions,
): { value: Tensor; gradient: Tensor | Tensor[] } {
  const wanted = typeof argnums === 'number' ? [argnums] : argnums;
  const isRecording = isGradEnabled();
  return withGradMode(true, () => {
    const aliases = inputs.map((input, i) => (wanted.includes(i) ? variable(input) : input));
    const variables = wanted.map((i) => {
      const alias = aliases[i];
      if (!alias)
        throw new GradientError(
          `${operation}: argnums [${wanted}], but the function was given ${inputs.length} arguments`,
        );
      return alias;
    });
    const value = f(...aliases);
    if (value.size !== 1) {
      throw new GradientError(
        `${operation}: the function must return a scalar, got shape [${value.shape}]; use sum or mean`,
      );
    }
    // Within another differentiation the result must be differentiable too.
    const createGraph = isRecording && dependsOnOthers(value, variables);
    const found = value.requiresGrad
      ? gradients(value, variables, { createGraph })
      : variables.map((variable) => variable.filled(0));
    const gradient = typeof argnums === 'number' ? found[0] : found;
    if (!gradient) throw new GradientError(`${operation}: argnums must name at least one argument`);
    return { value: createGraph ? value : value.detach(), gradient };
  });
}
