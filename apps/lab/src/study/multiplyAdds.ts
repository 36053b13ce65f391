/**
 * @file What a forward pass costs.
 */
import { noGrad, Parameter, scope, zeros } from 'softgrad';
import * as nn from 'softgrad/nn';

/**
 * Multiply-adds of one image through convolutions and linear layers: every output value of such a layer takes as many as its
 * weight holds per output channel.
 *
 * @param shape of one image, `[C, ...spatial]`
 */
export function multiplyAdds(model: nn.Module, shape: readonly number[]): number {
  let total = 0;
  const count = ({ module, output }: nn.ForwardCall): void => {
    const weight = 'weight' in module ? module.weight : undefined;
    if (!(weight instanceof Parameter) || weight.rank < 2) return;
    total += output.size * (weight.size / (weight.shape[0] ?? 1));
  };
  const modes = model.modules().map((module) => [module, module.training] as const);
  model.eval();
  try {
    scope(() => noGrad(() => void nn.observeForward(model, count, () => model.forward(zeros([1, ...shape])))));
  } finally {
    for (const [module, mode] of modes) module.training = mode;
  }
  return total;
}
