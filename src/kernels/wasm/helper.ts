/**
 * @file Starts a helper thread in Node and in browsers.
 */
import type { Worker as NodeWorker } from 'node:worker_threads';
import { type ThreadStart, threadSource } from './threadSource.js';

/** A running helper thread. */
export interface Helper {
  /** Ends it; its end is not reported. */
  stop(): void;
}

/** Why a helper is no more. */
export interface HelperEnd {
  readonly thread: number;
  readonly reason: string;
}

/** Node's modules, where there are any; bundlers for browsers don't follow this way. */
function nodeModule<M>(name: string): M | undefined {
  return typeof process === 'object' && typeof process.getBuiltinModule === 'function'
    ? (process.getBuiltinModule(name) as M | undefined)
    : undefined;
}

/** Whether this thread may sleep: a browser's main thread must not. */
export const mayBlock = nodeModule('node:worker_threads') !== undefined || Reflect.has(globalThis, 'importScripts');

/** Threads worth starting: as many as there are cores, at most 8. */
export function availableThreads(): number {
  const os = nodeModule<typeof import('node:os')>('node:os');
  const cores = os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.min(cores, 8);
}

/** Starts a helper that doesn't keep the process alive; `onEnd` hears of an end that nobody asked for. */
export function startHelper(start: ThreadStart, onEnd: (reason: string) => void): Helper {
  const threads = nodeModule<typeof import('node:worker_threads')>('node:worker_threads');
  return threads ? startInNode(threads.Worker, start, onEnd) : startInBrowser(start, onEnd);
}

function startInNode(Worker: typeof NodeWorker, start: ThreadStart, onEnd: (reason: string) => void): Helper {
  const worker = new Worker(threadSource, { eval: true, workerData: start, execArgv: [], name: 'softgrad' });
  worker.unref();
  worker.on('error', (error) => onEnd(String(error)));
  worker.on('exit', (code) => onEnd(`exit code ${code}`));
  return {
    stop: () => {
      worker.removeAllListeners();
      void worker.terminate();
    },
  };
}

function startInBrowser(start: ThreadStart, onEnd: (reason: string) => void): Helper {
  const url = URL.createObjectURL(new Blob([threadSource], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onerror = (event) => onEnd(event.message || 'the page may not start workers from a blob');
  worker.postMessage(start);
  return {
    stop: () => {
      worker.onerror = null;
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
