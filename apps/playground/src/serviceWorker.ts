/**
 * @file Makes the page cross-origin isolated on hosts that can't set headers, so that threads can share memory.
 *
 * It answers the page's own requests as the host does, and adds the two headers that browsers ask for.
 */

/** The part of a service worker's events that is used here; the DOM's types don't have them. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

async function isolated(request: Request): Promise<Response> {
  const response = await fetch(request);
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  const { status, statusText } = response;
  const body = [204, 205, 304].includes(status) ? null : response.body;
  return new Response(body, { status, statusText, headers });
}

const worker = globalThis as typeof globalThis & { skipWaiting(): Promise<void> };

addEventListener('install', (event) => {
  (event as ExtendableEvent).waitUntil(worker.skipWaiting());
});

addEventListener('fetch', (event) => {
  const { request } = event as FetchEvent;
  if (new URL(request.url).origin === location.origin) (event as FetchEvent).respondWith(isolated(request));
});
