/**
 * @file A surface of 8-bit RGB pixels that pictures are laid on.
 */
import sharp from 'sharp';
import type { Region } from '../../images/crop.js';
import { type Pixels, pixelsOf } from '../../images/encodePicture.js';
import { frameSize, type Picture } from '../../images/picture.js';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]` */
  readonly bytes: Uint8Array;
}

/** What an SVG draws, on white. */
export async function drawn(svg: string, width: number, height: number): Promise<Canvas> {
  const image = sharp(Buffer.from(svg), { limitInputPixels: false }).flatten({ background: 'white' });
  return { width, height, bytes: await image.toColourspace('srgb').raw().toBuffer() };
}

/** Lays an image on the canvas. */
export function lay(canvas: Canvas, image: Canvas, left: number, top: number): void {
  for (let y = 0; y < image.height; y++) {
    const row = image.bytes.subarray(3 * y * image.width, 3 * (y + 1) * image.width);
    canvas.bytes.set(row, 3 * ((top + y) * canvas.width + left));
  }
}

/** Draws a frame around a region: a light line within, a dark one without, to be seen on any picture. */
export function frameRegion(canvas: Canvas, { left, top, width, height }: Region): void {
  const line = (inset: number, value: number): void => {
    const [x0, y0, x1, y1] = [left + inset, top + inset, left + width - 1 - inset, top + height - 1 - inset];
    for (let x = x0; x <= x1; x++) for (const y of [y0, y1]) dot(canvas, x, y, value);
    for (let y = y0; y <= y1; y++) for (const x of [x0, x1]) dot(canvas, x, y, value);
  };
  line(-1, 0);
  line(0, 255);
  line(1, 0);
}

function dot({ width, height, bytes }: Canvas, x: number, y: number, value: number): void {
  if (x >= 0 && y >= 0 && x < width && y < height) bytes.fill(value, 3 * (y * width + x), 3 * (y * width + x) + 3);
}

/** From here on nobody sees that some squares are a pixel larger than others. */
const LARGE_FACTOR = 4;

/** One frame at another size: each pixel as a square where the factor is whole or large, else by Lanczos's filter. */
export async function sized(picture: Picture, frame: number, width: number, height: number): Promise<Canvas> {
  const { channels } = picture;
  const values = picture.frames[frame]!;
  const { bytes }: Pixels = pixelsOf({ ...picture, frames: [values.subarray(0, frameSize(picture))] });
  const whole = width % picture.width === 0 && height % picture.height === 0;
  const large = width >= LARGE_FACTOR * picture.width;
  const image = sharp(bytes, { raw: { width: picture.width, height: picture.height, channels } })
    .resize(width, height, { fit: 'fill', kernel: whole || large ? 'nearest' : 'lanczos3' })
    .toColourspace('srgb');
  return { width, height, bytes: await image.raw().toBuffer() };
}
