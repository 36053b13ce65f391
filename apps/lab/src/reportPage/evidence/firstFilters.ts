/**
 * @file The filters of a network's first convolution.
 */
import * as nn from 'softgrad/nn';
import { type FeatureMaps, featureMaps } from './featureMaps.js';

export interface FilterBank {
  readonly layer: string;
  /** `[out, in, ...kernel]` */
  readonly filters: FeatureMaps;
}

/** `undefined` for a network without convolutions. */
export async function firstFilters(model: nn.Module): Promise<FilterBank | undefined> {
  for (const [layer, module] of model.namedModules()) {
    if (!(module instanceof nn.Conv)) continue;
    return { layer, filters: await featureMaps(module.weight, module.weight.shape) };
  }
  return undefined;
}
