/**
 * @file Checks second derivatives: `gradcheck` of the function (x, v) ↦ ∂⟨v, f(x)⟩/∂x.
 */
import { loadBackend } from '../tensor/activeBackend.js';
import { tensor } from '../tensor/create.js';
import { Generator } from '../tensor/generator.js';
import { vjp } from '../tensor/graph.js';
import { scope } from '../tensor/scope.js';
import { sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { checkGradients, type GradcheckOptions } from './gradcheck.js';
import { type GradcheckInput, type PointInput, pointOf } from './gradcheckInput.js';
import type { GradcheckReport } from './gradcheckReport.js';
import type { CheckedFunction } from './gradientChecker.js';
import { wellSeparated } from './wellSeparated.js';

/**
 * Compares the gradients of f's gradients, recorded with `createGraph`, with central differences. Arguments, tolerances and
 * errors are those of `gradcheck`. The report counts the cotangents v behind the inputs: `input 1` of a function of one input is
 * the cotangent of its output.
 *
 * @throws GradcheckError that names the worst element, both values and the step
 */
export async function gradgradcheck(
  f: CheckedFunction,
  inputs: readonly GradcheckInput[],
  options: GradcheckOptions = {},
): Promise<GradcheckReport> {
  await loadBackend('reference');
  const generator = new Generator(options.seed ?? 0);
  const point = await pointOf('gradgradcheck', inputs, generator);
  const cotangents = cotangentsAt(f, point, generator);
  const gradientsOf: CheckedFunction = (...args) => {
    const xs = args.slice(0, point.length);
    const vs = args.slice(point.length);
    const outputs = outputsOf(f, xs);
    const tracked = outputs.flatMap((output, j) => (output.requiresGrad ? [{ output, v: vs[j] }] : []));
    return vjp(
      tracked.map(({ output }) => output),
      tracked.map(({ v }) => v),
      xs,
      { createGraph: true },
    );
  };
  return checkGradients('gradgradcheck', gradientsOf, [...point, ...cotangents], generator, options);
}

/** A random cotangent for every output of `f` at `point`. */
function cotangentsAt(f: CheckedFunction, point: readonly PointInput[], generator: Generator): PointInput[] {
  const shapes = scope(() => {
    const leaves = point.map(({ values, shape }) => tensor(values, { shape, dtype: 'float64', backend: 'reference' }));
    return outputsOf(f, leaves).map(({ shape }) => shape);
  });
  return shapes.map((shape, j) => ({
    name: `cotangent ${j}`,
    shape,
    values: wellSeparated(sizeOf(shape), generator),
  }));
}

function outputsOf(f: CheckedFunction, inputs: readonly Tensor[]): readonly Tensor[] {
  const result = f(...inputs);
  return 'shape' in result ? [result] : result;
}
