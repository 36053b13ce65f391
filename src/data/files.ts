/**
 * @file Reading files, where there are any: in Node. Everything else in this folder works on bytes and so in a browser.
 */
import { ArgumentError, FormatError } from '../errors.js';
import { gunzip } from './gunzip.js';

/** No data set that this library reads is larger; it bounds what a hostile file can make us allocate. */
export const MAX_FILE_BYTES = 2 ** 30;

/**
 * Node's file functions. They are asked for at run time rather than imported, because a bundler for browsers would
 * otherwise have to be told what to do with `node:fs`.
 */
export function nodeFiles(operation: string) {
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  if (!files) throw new ArgumentError(`${operation}: reading and writing files needs Node; elsewhere, pass the bytes`);
  return files.promises;
}

/**
 * The first of `names` (tried in each of `folders` below `directory`, as it is and with `.gz`) that exists.
 *
 * @throws ArgumentError that lists what was looked for
 */
export async function findFile(
  operation: string,
  directory: string,
  folders: readonly string[],
  names: readonly string[],
): Promise<string> {
  const { access } = nodeFiles(operation);
  for (const folder of folders) {
    for (const name of names.flatMap((base) => [base, `${base}.gz`])) {
      const path = [directory, folder, name].filter((part) => part !== '').join('/');
      const exists = await access(path).then(
        () => true,
        () => false,
      );
      if (exists) return path;
    }
  }
  throw new ArgumentError(`${operation}: found no ${names.join(' or ')} (or .gz) in ${directory}`);
}

/** The bytes of a file, decompressed if they are gzip. */
export async function readFile(operation: string, path: string, maxBytes = MAX_FILE_BYTES): Promise<Uint8Array> {
  const files = nodeFiles(operation);
  const { size } = await files.stat(path);
  if (size > maxBytes) throw new FormatError(path, 0, `expected at most ${maxBytes} bytes, but the file has ${size}`);
  return gunzip(await files.readFile(path), path, maxBytes);
}
