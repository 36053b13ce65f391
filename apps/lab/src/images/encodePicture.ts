/**
 * @file Writes PNG, JPEG, WebP and GIF files, by libvips.
 */
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { UsageError } from '../usageError.js';
import { frameSize, PICTURE_FORMATS, type Picture, type PictureFormat } from './picture.js';

export interface EncodeOptions {
  /** Of JPEG and WebP, from 1 to 100. Default 95. */
  readonly quality?: number | undefined;
}

/** A picture as the codecs take it: 8 bits per value, channels side by side, frames below each other. */
export interface Pixels extends Omit<Picture, 'frames'> {
  readonly frames: number;
  /** `[frames, height, width, channels]` */
  readonly bytes: Uint8Array | Uint8ClampedArray;
}

/**
 * The bytes of a file that holds the picture, each value rounded to 8 bits. What lies outside 0 … 1 is clipped.
 *
 * @throws UsageError if an animation is to be a PNG or JPEG, or the picture is too large for the format
 */
export function encodePicture(picture: Picture, format: PictureFormat, options?: EncodeOptions): Promise<Uint8Array> {
  return encodePixels(pixelsOf(picture), format, options);
}

/** The bytes of a file that holds the pixels; see `encodePicture`. */
export async function encodePixels(
  pixels: Pixels,
  format: PictureFormat,
  { quality = 95 }: EncodeOptions = {},
): Promise<Uint8Array> {
  const { width, height, channels, frames, bytes } = pixels;
  if (frames > 1 && !isAnimatedFormat(format)) {
    throw new UsageError(`an animation can't be a ${format}; allowed: gif, webp`);
  }
  const raw = { width, height: height * frames, channels, pageHeight: height };
  const image = sharp(bytes, { raw, limitInputPixels: false });
  try {
    return await output(image, pixels, format, quality).toBuffer();
  } catch (cause) {
    const said = (cause instanceof Error ? cause.message : String(cause)).trim();
    throw new UsageError(`${width} × ${height} pixels can't be written as ${format} (${said})`, { cause });
  }
}

/** The format that the file's name asks for, if it is one of ours. */
export function formatOfName(file: string): PictureFormat | undefined {
  const extension = path.extname(file).slice(1).toLowerCase();
  return PICTURE_FORMATS.find((format) => format === (extension === 'jpg' ? 'jpeg' : extension));
}

/** Whether a file of that format can hold several frames. */
export function isAnimatedFormat(format: PictureFormat): boolean {
  return format === 'gif' || format === 'webp';
}

/** The picture in 8 bits per value. */
export function pixelsOf(picture: Picture): Pixels {
  const { channels, frames } = picture;
  const [size, pixels] = [frameSize(picture), picture.width * picture.height];
  const bytes = new Uint8ClampedArray(size * frames.length);
  frames.forEach((values, frame) => {
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < pixels; i++) {
        bytes[frame * size + i * channels + channel] = (values[channel * pixels + i] ?? 0) * 255;
      }
    }
  });
  return { ...picture, frames: frames.length, bytes };
}

function output(
  image: Sharp,
  { frames, delays, loop, channels }: Pixels,
  format: PictureFormat,
  quality: number,
): Sharp {
  const animation = frames > 1 ? { delay: [...delays], loop: Math.min(loop, 65535) } : {};
  switch (format) {
    case 'png':
      return image.toColourspace(channels === 1 ? 'b-w' : 'srgb').png({ compressionLevel: 9 });
    case 'jpeg':
      return image.toColourspace(channels === 1 ? 'b-w' : 'srgb').jpeg({ quality });
    case 'webp':
      return image.webp({ quality, ...animation });
    case 'gif':
      // More effort takes twice as long and saves a tenth of the bytes.
      return image.gif({ effort: 4, ...animation });
  }
}
