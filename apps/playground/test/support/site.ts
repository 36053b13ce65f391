/**
 * @file A production build, of the playground or another page, served from memory.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export interface Site {
  /** With the headers of cross-origin isolation. */
  readonly isolated: string;
  /** Like a host that can't set headers. */
  readonly plain: string;
  /** The build's files, by their paths in it. */
  readonly files: ReadonlyMap<string, Buffer>;
  close(): void;
}

const playground: InlineConfig = { configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)) };

/** Builds what a Vite configuration describes, and serves it. */
export async function openSite(config = playground): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'softgrad-site-'));
  // Vitest says `test` here, and a build would take it for its own.
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const output = { ...config.build, outDir: folder, emptyOutDir: true };
  await build({ ...config, logLevel: 'error', mode: 'production', build: output });
  process.env.NODE_ENV = environment;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const files = new Map(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name).slice(folder.length + 1), entry])
      .map(([path]) => [String(path), readFileSync(join(folder, String(path)))]),
  );
  const servers = await Promise.all([serve(files, isolation), serve(files, {})]);
  const [isolated, plain] = servers.map(addressOf);
  return {
    isolated: isolated!,
    plain: plain!,
    files,
    close: () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serve(files: ReadonlyMap<string, Buffer>, headers: Record<string, string>): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname).slice(1) || 'index.html';
    const body = files.get(path);
    response.writeHead(body ? 200 : 404, { ...headers, 'Content-Type': types[extname(path)] ?? 'text/plain' });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/`;
}
