/**
 * @file Whether a file begins as a PNG, JPEG, WebP or GIF does. The codecs' library knows many more formats, which nobody needs
 * here, and whose decoders hostile bytes shall not reach.
 */

const PNG = '\x89PNG\r\n\x1a\n';
const JPEG = '\xff\xd8\xff';
const GIFS = ['GIF87a', 'GIF89a'] as const;

export function isKnownPicture(bytes: Uint8Array): boolean {
  const beginning = String.fromCharCode(...bytes.subarray(0, 12));
  const isWebp = beginning.startsWith('RIFF') && beginning.endsWith('WEBP');
  return isWebp || [PNG, JPEG, ...GIFS].some((signature) => beginning.startsWith(signature));
}
