/**
 * @file Where a lens over the original lies in every pooled picture.
 */
import type { Picture, Region } from '../pictures/picture.js';
import type { PoolSettings } from './strategies.js';

/** Centre of the lens in fractions of the picture, and its width in the original's pixels. */
export interface Lens {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** The part of the original under the lens, moved inside where it would stick out. */
export function lensRegion({ x, y, size }: Lens, { width, height }: Pick<Picture, 'width' | 'height'>): Region {
  const side = Math.min(size, width, height);
  const at = (centre: number, extent: number): number =>
    Math.round(Math.min(extent - side, Math.max(0, centre * extent - side / 2)));
  return { x: at(x, width), y: at(y, height), width: side, height: side };
}

/** The cells of a pooled picture whose windows lie under the lens. */
export function pooledRegion(region: Region, pooled: Picture, { stride, padding }: PoolSettings): Region {
  const side = Math.max(1, Math.round(region.width / stride));
  const at = (start: number, extent: number): number =>
    Math.min(Math.max(0, extent - side), Math.max(0, Math.floor((start + padding) / stride)));
  const width = Math.min(side, pooled.width);
  const height = Math.min(side, pooled.height);
  return { x: at(region.x, pooled.width), y: at(region.y, pooled.height), width, height };
}
