/**
 * @file Whether a GIF is whole. libvips takes a file that was cut off for a shorter animation.
 */

const [EXTENSION, IMAGE] = [0x21, 0x2c];

/** Whether the file ends between two blocks of its GIF, and not within one (GIF89a, sections 15 to 27). */
export function isWholeGif(bytes: Uint8Array): boolean {
  // Header and logical screen descriptor, then the global colour table.
  let at = 13 + colourTableSize(bytes[10]);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === EXTENSION) at = afterSubBlocks(bytes, at + 2);
    else if (kind === IMAGE) at = afterSubBlocks(bytes, at + 11 + colourTableSize(bytes[at + 9]));
    // The trailer; or what follows a picture without one, and is no part of it.
    else return true;
  }
  return at === bytes.length;
}

/** Bytes of the colour table that a packed field announces. */
function colourTableSize(packed = 0): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/** The position behind a chain of sub-blocks, each with its length in front; the last one is empty. */
function afterSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let length = bytes[at]; length !== undefined; length = bytes[at]) {
    at += 1 + length;
    if (length === 0) return at;
  }
  return Number.POSITIVE_INFINITY;
}
