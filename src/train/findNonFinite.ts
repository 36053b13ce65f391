/**
 * @file Looks for the place in a model where values stop being finite.
 */

import type { Module } from '../nn/module.js';
import type { ForwardCall } from '../nn/observeForward.js';
import { observeForward } from '../nn/observeForward.js';
import { noGrad } from '../tensor/gradMode.js';
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
  for (const [name, parameter] of model.namedParameters()) {
    if (!(await isFiniteTensor(parameter))) return `the parameter ${name}`;
  }
  const calls: { name: string; module: Module; output: Tensor }[] = [];
  const record = ({ name, module, output }: ForwardCall): void => {
    calls.push({ name, module, output: output.detach() });
  };
  const outputs = scope(() => {
    noGrad(() => void observeForward(model, record, () => model.forward(x)));
    return calls.map(({ output }) => output);
  });
  let found: string | undefined;
  for (const { name, module, output } of calls) {
    if (await isFiniteTensor(output)) continue;
    found = `the output of ${name || 'the model'} (${module.constructor.name})`;
    break;
  }
  for (const output of outputs) output.dispose();
  return found;
}

async function isFiniteTensor(x: Tensor): Promise<boolean> {
  return (await x.data()).every((value) => Number.isFinite(value));
}
