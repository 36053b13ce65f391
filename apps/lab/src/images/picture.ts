/**
 * @file A still or moving picture as plain numbers: what the codecs of this folder read and write.
 */

/** File formats that can be read and written. */
export const PICTURE_FORMATS = ['png', 'jpeg', 'webp', 'gif'] as const;

export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: red, green and blue. sRGB encoded, as in the file; there is no transparency. */
  readonly channels: 1 | 3;
  /** At least one; each is `[channels, height, width]`, from 0 (black) to 1 (white). */
  readonly frames: readonly Float32Array[];
  /** How long each frame is shown, in milliseconds. `[0]` for a still picture. */
  readonly delays: readonly number[];
  /** How often an animation is played; 0 is for ever. */
  readonly loop: number;
}

/** The number of values in one frame. */
export function frameSize({ width, height, channels }: Pick<Picture, 'width' | 'height' | 'channels'>): number {
  return width * height * channels;
}
