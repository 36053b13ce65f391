/**
 * @file Winograd's algorithm for 3×3 convolutions of stride 1 (Lavin and Gray, CVPR 2016).
 *
 * A tile of m×m outputs takes (m + 2)² instead of 9m² products per pair of channels, after transforms whose rounding errors
 * grow with m: F(2×2, 3×3) takes 16 products for 36, F(4×4, 3×3) 36 for 144.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { PlanCache } from './planCache.js';
import { type Convolutions, convStruct, plannedConv } from './plannedConv.js';
import type { WasmRuntime } from './wasmRuntime.js';

/** Outputs of a tile per axis, m. */
export type WinogradTile = 2 | 4;

/** With fewer channels on either side the transforms cost more than the saved products. */
const LEAST_CHANNELS: Readonly<Record<WinogradTile, number>> = { 2: 16, 4: 8 };
/** With fewer tiles of 4×4 the matrix products are too thin. */
const LEAST_LARGE_TILES = 16;

/** The tile with which Winograd's algorithm is fastest for a geometry; undefined where the direct one is, or only it can. */
export function winogradTile(geometry: ConvGeometry): WinogradTile | undefined {
  if (!isWinograd(geometry)) return undefined;
  const { batch, inChannels, outChannels, output } = geometry;
  const [depth, height, width] = output;
  const channels = Math.min(inChannels, outChannels);
  const largeTiles = batch * depth * Math.ceil(height / 4) * Math.ceil(width / 4);
  // Of an output of 2×2 a tile of 4×4 would throw three quarters away.
  if (channels >= LEAST_CHANNELS[4] && Math.min(height, width) > 2 && largeTiles >= LEAST_LARGE_TILES) return 4;
  return channels >= LEAST_CHANNELS[2] ? 2 : undefined;
}

function isWinograd({ groups, kernel, stride, padding, dilation }: ConvGeometry): boolean {
  const is3x3 = kernel.join() === '1,3,3' && stride.join() === '1,1,1' && dilation.join() === '1,1,1';
  return is3x3 && groups === 1 && padding[0] === 0 && padding[1] <= 2 && padding[2] <= 2;
}

export function winogradConv(runtime: WasmRuntime, plans: PlanCache, tile: WinogradTile): Convolutions {
  return plannedConv(runtime, plans, 'winograd', (geometry) => [...convStruct(geometry), tile]);
}
