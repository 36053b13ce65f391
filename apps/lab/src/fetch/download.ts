/**
 * @file Downloads a file whose size and checksum are known, in as many pieces as it takes.
 */
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { RemoteFile } from './datasetSources.js';
import { md5Of, sizeOf } from './fileFault.js';

export interface DownloadOptions {
  /** Called with the bytes that are there, of all. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a connection is given up, and begun again where it was. Default 30,000. */
  readonly patience?: number | undefined;
  /** Milliseconds before the first repetition; each further one waits twice as long. Default 1,000. */
  readonly pause?: number | undefined;
}

/** Connections that brought nothing, one after the other, before the download is given up. */
const TRIES = 5;

/** A download that can't be had; what has arrived is kept, unless it was wrong. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** Worth another try: the connection broke, or the server is busy. */
class Interruption extends Error {}

/**
 * Downloads `file` from `url` to `target`. Until it is whole it is `<target>.part`, from which a later call goes on.
 *
 * @throws DownloadError that names the address, and what is wrong: no such file, no connection, wrong size or checksum
 */
export async function download(
  url: string,
  file: RemoteFile,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  const part = `${target}.part`;
  const resumed = (await sizeOf(part)) > 0;
  await receive(url, file, part, options);
  if ((await md5Of(part)) !== file.md5 && resumed) {
    // Perhaps the older piece was of another file: once more, from the beginning.
    await rm(part);
    await receive(url, file, part, options);
  }
  const found = await md5Of(part);
  if (found !== file.md5) {
    await rm(part);
    throw new DownloadError(
      `${url} isn't the file that its publisher describes: MD5 ${found} instead of ${file.md5}; try again, or another address (--from)`,
    );
  }
  await rename(part, target);
}

/** Fills `part` to its full size. */
async function receive(url: string, file: RemoteFile, part: string, options: DownloadOptions): Promise<void> {
  const { signal, pause = 1000 } = options;
  let failures = 0;
  for (;;) {
    const before = await sizeOf(part);
    if (before === file.bytes) return;
    try {
      await receivePiece(url, file, part, before, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interruption)) throw error;
      failures = (await sizeOf(part)) > before ? 0 : failures + 1;
      if (failures === TRIES) {
        throw new DownloadError(
          `${url}: ${error.message}, ${TRIES} times in a row; what has arrived is kept, so try again later`,
        );
      }
      await wait(pause * 2 ** failures, undefined, { signal });
    }
  }
}

/** One connection: what it brings is added to `part`. */
async function receivePiece(
  url: string,
  file: RemoteFile,
  part: string,
  from: number,
  { onProgress, signal, patience = 30_000 }: DownloadOptions,
): Promise<void> {
  const watchdog = new Watchdog(patience);
  try {
    const signals = signal ? [signal, watchdog.signal] : [watchdog.signal];
    const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
    const response = await fetch(url, { headers, signal: AbortSignal.any(signals) });
    const start = startOf(response, url, from);
    const sink = await open(part, start === 0 ? 'w' : 'r+');
    try {
      let at = start;
      for await (const chunk of response.body ?? []) {
        watchdog.feed();
        at += chunk.length;
        if (at > file.bytes) throw tooLong(url, file);
        await sink.write(chunk, 0, chunk.length, at - chunk.length);
        onProgress?.(at);
      }
      if (at < file.bytes) throw new Interruption(`the connection ended after ${at} of ${file.bytes} bytes`);
      await sink.sync();
    } finally {
      await sink.close();
    }
  } catch (error) {
    throw explained(error, watchdog.signal.aborted ? `nothing came for ${patience / 1000} s` : undefined);
  } finally {
    watchdog.stop();
  }
}

/**
 * Where in the file the answer begins.
 *
 * @throws DownloadError if the server has no such file, Interruption if it may have it later
 */
function startOf(response: Response, url: string, from: number): number {
  if (response.status === 206) {
    const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (Number(start) === from) return from;
    throw new DownloadError(`${url}: the server sent another part of the file than it was asked for`);
  }
  if (response.ok) return 0;
  const answer = `the server answered ${response.status} ${response.statusText}`.trim();
  if (response.status >= 500 || response.status === 429) throw new Interruption(answer);
  throw new DownloadError(`${url}: ${answer}; give another address (--from)`);
}

function tooLong(url: string, { bytes }: RemoteFile): DownloadError {
  return new DownloadError(`${url} is longer than the ${bytes} bytes that its publisher names; it isn't that file`);
}

/** Errors of the connection are interruptions; those of the disk and our own stay what they are. */
function explained(error: unknown, reason: string | undefined): unknown {
  if (error instanceof DownloadError || error instanceof Interruption || !(error instanceof Error)) return error;
  if (reason !== undefined) return new Interruption(reason);
  const isDisk =
    'syscall' in error && (error.syscall === 'open' || error.syscall === 'write' || error.syscall === 'fsync');
  if (isDisk) return new Error(`could not write the download (${error.message})`, { cause: error });
  const cause = error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
  return new Interruption(`the connection failed (${cause})`);
}

/** Aborts if it isn't fed. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(patience: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), patience);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  feed(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
