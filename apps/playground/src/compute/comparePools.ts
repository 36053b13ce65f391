/**
 * @file What the first view shows of one strategy: the pooled picture, how near it is to the original, and a difference map.
 */
import { luminance, type Picture } from '../pictures/picture.js';
import { enlarge, poolPicture } from './poolPicture.js';
import { type Quality, quality } from './quality.js';
import type { PoolSettings } from './strategies.js';

export interface PooledPicture {
  readonly picture: Picture;
  /** Of the enlarged result against the original. */
  readonly quality: Quality;
}

export function comparePool(original: Picture, name: string, settings: PoolSettings): PooledPicture {
  const picture = poolPicture(original, name, settings);
  return { picture, quality: quality(original, enlarge(picture, original, settings)) };
}

/** Brightness differences `[height, width]`, −1 … 1. */
export interface DifferenceMap {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/** The first minus the second, which must have one size. */
export function differenceMap(first: Picture, second: Picture): DifferenceMap {
  const [a, b] = [luminance(first), luminance(second)];
  return { width: first.width, height: first.height, values: a.map((value, i) => value - b[i]!) };
}
