/**
 * @file Patience that ends: commands wait for a Redis that is away, but whoever pressed Ctrl-C doesn't.
 */

/** What `work` comes to; nothing, if it hasn't ended so many seconds after the signal. */
export function soonAfter<T>(
  signal: AbortSignal | undefined,
  seconds: number,
  work: Promise<T>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      timer = setTimeout(() => resolve(undefined), 1000 * seconds);
    };
    const settle = (conclude: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      conclude();
    };
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
