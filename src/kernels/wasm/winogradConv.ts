/**
 * @file Winograd's algorithm for 3×3 convolutions of stride 1 (Lavin and Gray, CVPR 2016).
 *
 * A tile of m×m outputs takes (m + 2)² instead of 9m² products per pair of channels, after transforms whose rounding errors
 * grow with m.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { PlanCache } from './planCache.js';
import { type Convolutions, convStruct, plannedConv } from './plannedConv.js';
import type { WasmRuntime } from './wasmRuntime.js';

/** Outputs of a tile per axis, m: F(2×2, 3×3) takes 16 products for 36, F(4×4, 3×3) 36 for 144. */
export type WinogradTile = 2 | 4;

/** F(2×2), forward and for the input gradient: its errors are those of a direct sum. */
const CONV_TILE: WinogradTile = 2;
/** F(4×4) for the weight gradient: errors of 1e-5 of the gradient's RMS are far below the noise of a batch. */
const WEIGHT_GRAD_TILE: WinogradTile = 4;
/** With fewer channels on either side the transforms cost more than the saved products. */
const LEAST_CHANNELS = 8;

/** Whether Winograd's algorithm can run a geometry, and faster than the direct one. */
export function prefersWinograd(geometry: ConvGeometry): boolean {
  const { inChannels, outChannels, groups, kernel, stride, padding, dilation } = geometry;
  const is3x3 = kernel.join() === '1,3,3' && stride.join() === '1,1,1' && dilation.join() === '1,1,1';
  const isPadded = padding[0] === 0 && padding[1] <= 2 && padding[2] <= 2;
  return is3x3 && isPadded && groups === 1 && Math.min(inChannels, outChannels) >= LEAST_CHANNELS;
}

/** @param convTile, weightGradTile the largest tile: smaller ones are taken where they leave less over at the border */
export function winogradConv(
  runtime: WasmRuntime,
  plans: PlanCache,
  convTile = CONV_TILE,
  weightGradTile = WEIGHT_GRAD_TILE,
): Convolutions {
  return plannedConv(runtime, plans, 'winograd', (geometry, pass) => {
    const [, height, width] = pass === 'InputGrad' ? geometry.input : geometry.output;
    const products = (tile: number): number => Math.ceil(height / tile) * Math.ceil(width / tile) * (tile + 2) ** 2;
    const largest = pass === 'WeightGrad' ? weightGradTile : convTile;
    return [...convStruct(geometry), products(largest) < products(2) ? largest : 2];
  });
}
