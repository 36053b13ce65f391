/**
 * @file A picture as an address that holds it, so that a page needs nothing else.
 */
import sharp from 'sharp';
import type { Tile } from './tiles.js';

/** `data:image/png;base64,…`, without loss. */
export async function pngAddress({ width, height, rgba }: Tile): Promise<string> {
  const image = sharp(rgba, { raw: { width, height, channels: 4 } });
  const bytes = await image.png({ compressionLevel: 9, adaptiveFiltering: false }).toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
