/**
 * @file Looks for the place in a model where values, or gradients, stop being finite.
 */

import type { Module } from '../nn/module.js';
import type { ForwardCall } from '../nn/observeForward.js';
import { observeForward } from '../nn/observeForward.js';
import { noGrad } from '../tensor/gradMode.js';
import { gradients } from '../tensor/graph.js';
import { scope } from '../tensor/scope.js';
import type { Tensor } from '../tensor/tensor.js';

/**
 * Where the first value that isn't finite appears when `model` computes `x` once more: in the input, a parameter, or the output
 * of a layer, innermost first; `undefined` if all are finite.
 *
 * In training mode this moves running statistics once more.
 */
export async function findNonFinite(model: Module, x: Tensor): Promise<string | undefined> {
  if (!(await isFiniteTensor(x))) return 'the input batch';
  const parameter = await findNonFiniteParameter(model);
  if (parameter) return parameter.where;
  const calls: { name: string; module: Module; output: Tensor }[] = [];
  const record = ({ name, module, output }: ForwardCall): void => {
    calls.push({ name, module, output: output.detach() });
  };
  const outputs = scope(() => {
    noGrad(() => void observeForward(model, record, () => model.forward(x)));
    return calls.map(({ output }) => output);
  });
  let found: string | undefined;
  for (const call of calls) {
    if (await isFiniteTensor(call.output)) continue;
    found = outputOf(call);
    break;
  }
  for (const output of outputs) output.dispose();
  return found;
}

/**
 * The parameter of `model` that isn't finite and lies nearest to the loss; `undefined` if all are finite.
 *
 * A gradient that goes bad on its way from the loss to the input spoils all layers that it still comes to: it began in the last of
 * them.
 */
export async function findNonFiniteParameter(
  model: Module,
): Promise<{ readonly where: string; readonly value: number } | undefined> {
  for (const [name, parameter] of model.namedParameters().reverse()) {
    const value = (await parameter.data()).find((cell) => !Number.isFinite(cell));
    if (value !== undefined) return { where: `the parameter ${name}`, value };
  }
  return undefined;
}

/**
 * Where the first gradient that isn't finite appears when `loss` of the output for `x` is differentiated once more, on the way back
 * from the loss: at the output of a layer, or at a parameter; `undefined` if all are finite.
 *
 * In training mode this moves running statistics once more, and draws other masks of dropout. No `.grad` is touched.
 */
export async function findNonFiniteGradient(
  model: Module,
  x: Tensor,
  loss: (output: Tensor) => Tensor,
): Promise<string | undefined> {
  const places = new Map<Tensor, string>();
  const found = scope(() => {
    // Layers that pass on what another one returned add nothing: the innermost keeps its name.
    const record = (call: ForwardCall): void => {
      if (!places.has(call.output)) places.set(call.output, outputOf(call));
    };
    const cost = observeForward(model, record, () => loss(model.forward(x)));
    for (const [name, parameter] of model.namedParameters()) places.set(parameter, name);
    return gradients(cost, [...places.keys()]);
  });
  const names = [...places.values()];
  const outputs = names.length - model.parameters().length;
  let place: string | undefined;
  // From the loss back: the outputs, newest first, then the parameters, the last layer's first.
  const order = [...found.keys()].sort((a, b) => Number(a >= outputs) - Number(b >= outputs) || b - a);
  for (const i of order) {
    const gradient = found[i];
    if (place === undefined && gradient && !(await isFiniteTensor(gradient))) place = `the gradient of ${names[i]}`;
  }
  for (const gradient of found) gradient.dispose();
  return place;
}

function outputOf({ name, module }: Pick<ForwardCall, 'name' | 'module'>): string {
  return `the output of ${name || 'the model'} (${module.constructor.name})`;
}

async function isFiniteTensor(x: Tensor): Promise<boolean> {
  return (await x.data()).every((value) => Number.isFinite(value));
}
