/**
 * @file A picture from whatever the user brings.
 */
import type { Picture } from './picture.js';

/** Larger pictures are scaled down to it, so that every control answers at once. */
const LONGEST_SIDE = 640;

/**
 * Reads a file.
 *
 * @throws DOMException if the browser can't decode it
 */
export async function readPicture(file: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(file);
  try {
    return drawnPicture(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** What can be drawn, as planes of numbers. */
export function drawnPicture(source: CanvasImageSource, fullWidth: number, fullHeight: number): Picture {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(fullWidth, fullHeight));
  const width = Math.max(8, Math.round(fullWidth * scale));
  const height = Math.max(8, Math.round(fullHeight * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no 2D canvas');
  // What is transparent shows paper.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return planesOf(context.getImageData(0, 0, width, height));
}

/** Bytes `[height, width, RGBA]` as planes from 0 to 1. */
export function planesOf({ width, height, data }: Pick<ImageData, 'width' | 'height' | 'data'>): Picture {
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) planes[channel * plane + pixel] = data[4 * pixel + channel]! / 255;
  }
  return { width, height, planes };
}
