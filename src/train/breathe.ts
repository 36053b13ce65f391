/**
 * @file Lets the rest of the program run in between: signals, timers, a page that wants to be drawn.
 */

/** Milliseconds of computing after which others get a turn. */
const PATIENCE = 50;

let last = 0;

/**
 * Gives way to the event loop if it hasn't had a turn for a while. Awaiting values doesn't do that: where a backend answers at
 * once, a loop of awaits never leaves the microtask queue.
 */
export async function breathe(): Promise<void> {
  const now = performance.now();
  if (now - last < PATIENCE) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  last = performance.now();
}
