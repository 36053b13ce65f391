/**
 * @file Ctrl-C: the first asks to stop, the second doesn't ask.
 */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `body` with an AbortSignal that is given by the first SIGINT or SIGTERM, and sets the exit code that a shell expects of
 * an interrupted program. The second one ends the program on the spot.
 *
 * @param restore brings the terminal back into order before that
 */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>, restore: () => void): Promise<T> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      restore();
      forget();
      process.kill(process.pid, name);
    } else {
      process.exitCode = 128 + constants.signals[name];
      controller.abort();
    }
  };
  const forget = (): void => {
    for (const name of SIGNALS) process.off(name, interrupt);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await body(controller.signal);
  } finally {
    forget();
  }
}
