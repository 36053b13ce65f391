/**
 * @file Gradient clipping, against steps that are too long (Pascanu, Mikolov and Bengio, ICML 2013).
 */
import { ArgumentError } from '../errors.js';
import { add, div, maximum, minimum, mul, sqrt, sum } from '../ops/index.js';
import { noGrad } from '../tensor/gradMode.js';
import type { Parameter } from '../tensor/parameter.js';
import { keep, scope } from '../tensor/scope.js';
import type { Tensor } from '../tensor/tensor.js';

/** Keeps a gradient of length 0 from being divided by. */
const EPSILON = 1e-6;

/**
 * Scales all gradients together so that their common length √Σg² is at most `maxNorm`.
 *
 * @returns the length before, a scalar; if it isn't finite, neither are the gradients, and no step should be taken
 * @throws ArgumentError unless `maxNorm` is positive and finite, or if no parameter has a gradient
 */
export function clipGradNorm(parameters: Iterable<Parameter>, maxNorm: number): Tensor {
  checkLimit('clipGradNorm', 'maxNorm', maxNorm);
  const withGradient = [...parameters].filter((parameter) => parameter.grad);
  return scope(() =>
    noGrad(() => {
      const squares = withGradient.flatMap(({ grad }) => (grad ? [sum(mul(grad, grad))] : []));
      if (squares.length === 0) throw new ArgumentError('clipGradNorm: no parameter has a gradient; call backward()');
      const norm = sqrt(squares.reduce((total, square) => add(total, square)));
      const scale = minimum(div(maxNorm, add(norm, EPSILON)), 1);
      for (const parameter of withGradient) replaceGrad(parameter, (grad) => mul(grad, scale));
      return norm;
    }),
  );
}

/**
 * Limits every component of every gradient to [−limit, limit].
 *
 * @throws ArgumentError unless `limit` is positive and finite
 */
export function clipGradValue(parameters: Iterable<Parameter>, limit: number): void {
  checkLimit('clipGradValue', 'limit', limit);
  scope(() =>
    noGrad(() => {
      for (const parameter of parameters) {
        replaceGrad(parameter, (grad) => maximum(minimum(grad, limit), -limit));
      }
    }),
  );
}

function replaceGrad(parameter: Parameter, change: (grad: Tensor) => Tensor): void {
  const { grad } = parameter;
  if (!grad) return;
  parameter.grad = keep(change(grad));
  grad.dispose();
}

function checkLimit(operation: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new ArgumentError(`${operation}: ${name} must be positive and finite, got ${value}`);
  }
}
