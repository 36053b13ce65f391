/**
 * @file The general convolution: any kernel, stride, padding, dilation and groups, 1×1 as a plain matrix product.
 */
import type { PlanCache } from './planCache.js';
import { type Convolutions, convStruct, plannedConv } from './plannedConv.js';
import type { WasmRuntime } from './wasmRuntime.js';

export function directConv(runtime: WasmRuntime, plans: PlanCache): Convolutions {
  return plannedConv(runtime, plans, 'conv', convStruct);
}
