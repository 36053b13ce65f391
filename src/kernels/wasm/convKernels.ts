/**
 * @file Convolution: a loop of its own where it is depthwise, Winograd's algorithm where it wins, else the direct one.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { Kernels } from '../kernels.js';
import { inputLength, outputLength, weightLength } from './convWork.js';
import { depthwiseConv, isDepthwise } from './depthwiseConv.js';
import { directConv } from './directConv.js';
import type { PlanCache } from './planCache.js';
import type { Convolutions } from './plannedConv.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';
import { winogradConv, winogradTile } from './winogradConv.js';

export function convKernels(
  runtime: WasmRuntime,
  plans: PlanCache,
): Pick<Kernels<WasmStorage>, 'conv' | 'convInputGrad' | 'convWeightGrad'> {
  const direct = directConv(runtime, plans);
  const depthwise = depthwiseConv(runtime, plans);
  const winograd = { 2: winogradConv(runtime, plans, 2), 4: winogradConv(runtime, plans, 4) };
  const best = (geometry: ConvGeometry): Convolutions => {
    if (isDepthwise(geometry)) return depthwise;
    const tile = winogradTile(geometry);
    return tile === undefined ? direct : winograd[tile];
  };
  return {
    conv: (x, weight, bias, geometry, activation) =>
      runtime.produce('conv', outputLength(geometry), (y) =>
        best(geometry).forward(x, weight, bias, y, geometry, activation === 'relu'),
      ),
    convInputGrad: (cotangent, weight, geometry) =>
      runtime.produce('convInputGrad', inputLength(geometry), (inputGrad) =>
        best(geometry).inputGrad(cotangent, weight, inputGrad, geometry),
      ),
    convWeightGrad: (cotangent, x, geometry) =>
      runtime.produce('convWeightGrad', weightLength(geometry), (weightGrad) =>
        best(geometry).weightGrad(cotangent, x, weightGrad, geometry),
      ),
  };
}
