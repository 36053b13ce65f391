/**
 * @file A web server on this machine that hands out one file, and misbehaves as it is told.
 */
import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** How one request is answered. */
export interface Behaviour {
  /** Default 200, or 206 for a range. */
  readonly status?: number;
  /** What is sent; default: the file. */
  readonly content?: Uint8Array;
  /** The connection breaks when so many bytes have arrived, as `FileServer.arrived` is told. */
  readonly breakAfter?: number;
  /** Nothing more comes after so many bytes, and the connection stays. */
  readonly stallAfter?: number;
  /** Milliseconds between one byte and the next. */
  readonly slow?: number;
  /** Sends the whole file, whatever was asked for. */
  readonly ignoresRange?: boolean;
  /** The place that a range begins at, instead of the one asked for. */
  readonly start?: number;
}

export interface FileServer {
  /** Of a folder in which every name is the file. */
  readonly address: string;
  /** The Range header of each request so far. */
  readonly ranges: (string | undefined)[];
  /** Tells how much of the file the client has: what a broken connection brought is lost unless it was read before. */
  arrived(bytes: number): void;
}

/** Answers the first requests by `behaviours`, and all later ones by the last of them. */
export async function serveFile(file: Uint8Array, ...behaviours: readonly Behaviour[]): Promise<FileServer> {
  const ranges: (string | undefined)[] = [];
  const client: Client = { bytes: 0 };
  const server = createServer((request, response) => {
    const behaviour = behaviours[Math.min(ranges.length, behaviours.length - 1)] ?? {};
    ranges.push(request.headers.range);
    void answer(response, request.headers.range, file, behaviour, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const place = server.address();
  if (typeof place !== 'object' || !place) throw new Error('no port');
  return { address: `http://127.0.0.1:${place.port}/`, ranges, arrived: (bytes) => Object.assign(client, { bytes }) };
}

/** How much of the file it has. */
interface Client {
  readonly bytes: number;
}

async function answer(
  response: ServerResponse,
  range: string | undefined,
  file: Uint8Array,
  { content = file, breakAfter, stallAfter, slow, ignoresRange = false, ...behaviour }: Behaviour,
  client: Client,
): Promise<void> {
  const asked = ignoresRange ? undefined : /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  const start = behaviour.start ?? Number(asked ?? 0);
  const status = behaviour.status ?? (asked === undefined ? 200 : 206);
  const rest = status < 300 ? content.subarray(start) : new Uint8Array();
  const contentRange =
    status === 206 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(status, { 'content-length': rest.length, ...contentRange });
  const limit = breakAfter ?? stallAfter ?? rest.length;
  for (let at = 0; slow !== undefined && at < limit; at++) {
    response.write(rest.subarray(at, at + 1));
    await new Promise((resolve) => setTimeout(resolve, slow));
  }
  if (slow === undefined) response.write(rest.subarray(0, limit));
  if (breakAfter !== undefined) {
    while (client.bytes < start + breakAfter && !response.closed)
      await new Promise((resolve) => setTimeout(resolve, 1));
    response.destroy();
  } else if (stallAfter === undefined) response.end();
}
