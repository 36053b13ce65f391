/** @file Decompression with a bound, in Node and in browsers alike. */
import { FormatError } from '../errors.js';

/**
 * Decompresses gzip data; bytes that don't begin as gzip does are returned as they are.
 *
 * @param file the name that errors give
 * @throws FormatError if the data are damaged, cut short, or decompress to more than `maxBytes`
 */
export async function gunzip(bytes: Uint8Array, file: string, maxBytes: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const chunks: Uint8Array[] = [];
  let total = 0;
  const decompressed = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = decompressed.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new FormatError(
        file,
        total,
        `the gzip data are damaged or end after ${total} decompressed bytes (${cause})`,
      );
    });
    if (done) return concatBytes(chunks, total);
    total += value.length;
    if (total > maxBytes) {
      await reader.cancel();
      throw new FormatError(file, maxBytes, `expected at most ${maxBytes} bytes after decompression`);
    }
    chunks.push(value);
  }
}

function concatBytes(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const joined = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
