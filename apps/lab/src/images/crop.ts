/**
 * @file A part of a picture.
 */
import type { Picture } from './picture.js';

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The region of every frame, which must lie within the picture. */
export function crop(picture: Picture, region: Region): Picture {
  const { width, height, channels, frames } = picture;
  if (region.width === width && region.height === height) return picture;
  return {
    ...picture,
    width: region.width,
    height: region.height,
    frames: frames.map((frame) => {
      const part = new Float32Array(channels * region.height * region.width);
      for (let row = 0; row < channels * region.height; row++) {
        const channel = Math.floor(row / region.height);
        const from = (channel * height + region.top + (row % region.height)) * width + region.left;
        part.set(frame.subarray(from, from + region.width), row * region.width);
      }
      return part;
    }),
  };
}
