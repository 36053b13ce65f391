/**
 * @file Differentiating a definition: how an operation with a fused kernel gets a vjp of its own.
 */
import { withGradMode } from '../tensor/gradMode.js';
import { vjp } from '../tensor/graph.js';
import { GraphNode } from '../tensor/graphNode.js';
import type { Tensor } from '../tensor/tensor.js';

/** The gradient of ⟨cotangent, f(inputs)⟩ in each input, where f is written in operations. It can be differentiated again. */
export function vjpOf(f: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], cotangent: Tensor): Tensor[] {
  return vjpOfMany((...tensors) => [f(...tensors)], inputs, [cotangent]);
}

/** The same for several outputs; those without a cotangent don't count. */
export function vjpOfMany(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
): Tensor[] {
  return withGradMode(true, () => {
    const variables = inputs.map(variable);
    const outputs = f(...variables);
    const used = outputs.flatMap((output, i) =>
      cotangents[i] && output.requiresGrad ? [{ output, cotangent: cotangents[i] }] : [],
    );
    return vjp(
      used.map(({ output }) => output),
      used.map(({ cotangent }) => cotangent),
      variables,
      { createGraph: true },
    );
  });
}

/** The same cells as a variable of its own, still connected to the input's graph. */
export function variable(input: Tensor): Tensor {
  return input.alias(input.shape, new GraphNode('variable', [input], ([cotangent]) => [cotangent]));
}
