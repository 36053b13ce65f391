/**
 * @file Whether a file is the one that it should be.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** What is known of a file. */
export interface KnownFile {
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal; absent where nobody has published it. */
  readonly md5?: string | undefined;
}

/** What is wrong with a file, such as `12 instead of 28881 bytes`; nothing if it is as it should be. */
export async function fileFault(file: string, { bytes, md5 }: KnownFile): Promise<string | undefined> {
  const size = await sizeOf(file);
  if (size !== bytes) return `${size} instead of ${bytes} bytes`;
  const found = md5 === undefined ? undefined : await md5Of(file);
  return found === md5 ? undefined : `MD5 ${found} instead of ${md5}`;
}

/** The size in bytes; 0 if there is no such file. */
export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** The MD5 checksum in hexadecimal. */
export async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
