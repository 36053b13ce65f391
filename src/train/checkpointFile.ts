/**
 * @file The file of a complete checkpoint: a safetensors file that any program can read the weights from.
 *
 * Tensors: weights and running statistics under PyTorch's names, the optimiser's as `optimizer/<number>.<slot>`.
 * Metadata: `format`, `version`, `training` (JSON: all that isn't a tensor) and `sha256`, the digest of the whole file with
 * these 64 digits replaced by zeros.
 */
import { nodeFiles } from '../data/files.js';
import { ArgumentError } from '../errors.js';
import { parseSafetensors, type SafetensorsContents } from '../io/parseSafetensors.js';
import { type SafetensorsInput, serializeSafetensors } from '../io/serializeSafetensors.js';
import { CheckpointError } from './checkpointError.js';

export const CHECKPOINT_FORMAT = 'softgrad-checkpoint';
export const CHECKPOINT_VERSION = 1;

/** Stands before the names of tensors that are the optimiser's; a module's names have no slash. */
export const OPTIMIZER_PREFIX = 'optimizer/';

const RESERVED = ['format', 'version', 'training', 'sha256'] as const;
const NO_DIGEST = '0'.repeat(64);
const DIGEST_KEY = '"sha256":"';

export interface CheckpointContents {
  readonly tensors: SafetensorsContents['tensors'];
  /** What `saveTraining` was given besides. */
  readonly metadata: Readonly<Record<string, string>>;
  /** JSON, not yet checked. */
  readonly training: string;
}

/**
 * The bytes of a checkpoint: the same contents give the same bytes.
 *
 * @throws ArgumentError if `metadata` has a reserved key
 */
export async function serializeCheckpoint(
  tensors: ReadonlyMap<string, SafetensorsInput>,
  training: string,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const taken = RESERVED.find((key) => Object.hasOwn(metadata, key));
  if (taken) throw new ArgumentError(`checkpoint: the metadata key '${taken}' is reserved; choose another`);
  const bytes = serializeSafetensors(tensors, {
    ...metadata,
    ...{ format: CHECKPOINT_FORMAT, version: String(CHECKPOINT_VERSION), training, sha256: NO_DIGEST },
  });
  bytes.set(new TextEncoder().encode(await digestOf(bytes)), digestOffset(bytes, NO_DIGEST));
  return bytes;
}

/**
 * Reads a checkpoint and checks that it is whole.
 *
 * @throws CheckpointError if the file can't be read, is damaged or cut short, is something else, or of a newer version
 */
export async function readCheckpoint(path: string): Promise<CheckpointContents> {
  const bytes = await nodeFiles('loadTraining')
    .readFile(path)
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(path, `it can't be read (${reason})`, 'check the path', { cause });
    });
  return parseCheckpoint(bytes, path);
}

/** The contents of the bytes that `serializeCheckpoint` wrote; `file` is the name that errors give. */
export async function parseCheckpoint(bytes: Uint8Array, file: string): Promise<CheckpointContents> {
  const { tensors, metadata } = parseContents(bytes, file);
  const { format, version, training, sha256, ...rest } = metadata;
  if (format !== CHECKPOINT_FORMAT) {
    const found = format === undefined ? 'holds tensors, but no state of a training' : `is of the format '${format}'`;
    throw new CheckpointError(file, `it ${found}`, 'loadCheckpoint reads weights alone; to train on, begin anew');
  }
  if (version !== String(CHECKPOINT_VERSION)) {
    const known = `this softgrad reads version ${CHECKPOINT_VERSION}`;
    throw new CheckpointError(file, `it is a checkpoint of version ${version}`, `${known}; use the one that wrote it`);
  }
  if (training === undefined || sha256 === undefined || !(await isWhole(bytes, sha256))) {
    throw damaged(file, 'its SHA-256 differs from the one noted in it');
  }
  return { tensors, metadata: rest, training };
}

function parseContents(bytes: Uint8Array, file: string): SafetensorsContents {
  try {
    return parseSafetensors(bytes, file);
  } catch (cause) {
    throw damaged(file, cause instanceof Error ? cause.message.replace(`${file}, `, '') : String(cause), cause);
  }
}

function damaged(file: string, reason: string, cause?: unknown): CheckpointError {
  return new CheckpointError(file, `it is damaged, cut short or no checkpoint (${reason})`, 'move it away', { cause });
}

async function isWhole(bytes: Uint8Array, digest: string): Promise<boolean> {
  const offset = digest.length === NO_DIGEST.length ? digestOffset(bytes, digest) : -1;
  if (offset < 0) return false;
  const blank = Uint8Array.from(bytes);
  blank.fill('0'.charCodeAt(0), offset, offset + digest.length);
  return (await digestOf(blank)) === digest;
}

/** Where the digest stands. Inside other strings the key's quotes are escaped, so that only the key itself is found. */
function digestOffset(bytes: Uint8Array, digest: string): number {
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  // One character per byte, so that places in the text are places in the file.
  const header = new TextDecoder('latin1').decode(bytes.subarray(8, 8 + headerBytes));
  const found = header.indexOf(`${DIGEST_KEY}${digest}"`);
  return found < 0 ? -1 : 8 + found + DIGEST_KEY.length;
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
