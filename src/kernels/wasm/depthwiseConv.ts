/**
 * @file Depthwise 3×3 convolutions of stride 1, one channel out per channel in: too few products per output for the panels of
 * the direct algorithm.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { PlanCache } from './planCache.js';
import { type Convolutions, convStruct, plannedConv } from './plannedConv.js';
import type { WasmRuntime } from './wasmRuntime.js';

/** Rows of x and y fill a vector at least. */
const LEAST_WIDTH = 4;

/** Whether the depthwise loop takes a geometry; it is the fastest where it does. */
export function isDepthwise(geometry: ConvGeometry): boolean {
  const { inChannels, outChannels, groups, input, output, kernel, stride, padding, dilation } = geometry;
  const is3x3 = kernel.join() === '1,3,3' && stride.join() === '1,1,1' && dilation.join() === '1,1,1';
  const isPadded = padding[0] === 0 && padding[1] <= 2 && padding[2] <= 2;
  const ownChannels = groups === inChannels && groups === outChannels;
  return is3x3 && isPadded && ownChannels && Math.min(input[2], output[2]) >= LEAST_WIDTH;
}

export function depthwiseConv(runtime: WasmRuntime, plans: PlanCache): Convolutions {
  return plannedConv(runtime, plans, 'depthwise', convStruct);
}
