/**
 * @file Cross-origin isolation, without which threads can't share memory.
 */

/**
 * Where the host sets no headers, lets a service worker add them from the next load on. The page at hand goes on undisturbed.
 */
export function registerIsolation(): void {
  if (crossOriginIsolated || !('serviceWorker' in navigator) || !isSecureContext) return;
  navigator.serviceWorker.register(new URL('serviceWorker.js', document.baseURI)).catch((error: unknown) => {
    // A host or a private window may forbid it; the page says in its footer that it runs on one thread.
    console.info('softgrad: no service worker, so no shared memory:', error);
  });
}

/** Whether loading the page again would make it isolated. */
export async function reloadWouldIsolate(): Promise<boolean> {
  if (crossOriginIsolated || !('serviceWorker' in navigator)) return false;
  const registration = await navigator.serviceWorker.ready;
  return registration.active !== null;
}
