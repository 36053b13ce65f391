/**
 * @file What goes into each pooling layer of a network, and what comes out.
 */
import { noGrad, scope, type Tensor } from 'softgrad';
import * as nn from 'softgrad/nn';
import { type FeatureMaps, featureMaps } from './featureMaps.js';

export interface PoolingMaps {
  /** Its place in the network, such as `layer2.0.pool`. */
  readonly layer: string;
  readonly before: FeatureMaps;
  readonly after: FeatureMaps;
}

/**
 * The maps around every pooling layer for one sample, in the order in which they are computed. A layer that is made of other
 * pooling layers is one.
 *
 * @param x `[1, C, ...spatial]`, normalised
 */
export async function poolingMaps(model: nn.Module, x: Tensor): Promise<PoolingMaps[]> {
  const calls = observedCalls(model, x);
  const maps: PoolingMaps[] = [];
  for (const { layer, input, output } of calls) {
    const before = await featureMaps(input, input.shape.slice(1));
    maps.push({ layer, before, after: await featureMaps(output, output.shape.slice(1)) });
  }
  // Two layers may share an input, and the first one's may be the caller's.
  const ours = new Set(calls.flatMap(({ input, output }) => [input, output]).filter((tensor) => tensor !== x));
  for (const tensor of ours) tensor.dispose();
  return maps;
}

interface PoolingCall {
  readonly layer: string;
  readonly input: Tensor;
  readonly output: Tensor;
}

/** The calls of the outermost pooling layers; their tensors belong to the caller. */
function observedCalls(model: nn.Module, x: Tensor): PoolingCall[] {
  const names = model.namedModules().flatMap(([name, module]) => (module instanceof nn.PoolLayer ? [name] : []));
  const outer = names.filter((name) => !names.some((other) => name.startsWith(`${other}.`)));
  return scope(() => {
    const calls: PoolingCall[] = [];
    const observe = ({ name, input, output }: nn.ForwardCall): void => {
      if (outer.includes(name)) calls.push({ layer: name, input, output });
    };
    noGrad(() => void nn.observeForward(model, observe, () => model.forward(x)));
    return calls;
  });
}
