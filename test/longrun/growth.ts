/**
 * @file What must not grow while a training goes on.
 */
import type { Sample } from './sample.js';

/** Share of the steps in which everything may still grow: code is compiled, caches and memory find their size. */
export const WARM_UP = 0.1;

/**
 * How much more there may be at the end than after the warm-up. A training holds the same tensors after every step, so the
 * counts are exact, and so is the memory that they lie in; the engine's own objects (compiled code, what it has learnt of types)
 * aren't.
 */
export const BOUNDS = {
  heap: 2 ** 20,
  wasmMemory: 0,
  wasmLive: 0,
  tensors: 0,
  storages: 0,
  resources: 2,
} as const satisfies Partial<Record<keyof Sample, number>>;

const TITLES: Readonly<Record<keyof typeof BOUNDS, string>> = {
  heap: 'bytes of JavaScript objects',
  wasmMemory: 'bytes of WebAssembly memory',
  wasmLive: 'bytes handed out of it',
  tensors: 'tensors',
  storages: 'storages',
  resources: 'timers, files and threads',
};

/** What grew beyond its bound between the end of the warm-up and the last sample, in words. */
export function growths(samples: readonly Sample[]): string[] {
  const last = samples.at(-1);
  const warm = last && samples.find(({ step }) => step >= WARM_UP * last.step);
  if (!warm || warm === last) throw new RangeError('growths: needs samples after the first tenth of the steps');
  return keysOf(BOUNDS).flatMap((key) => {
    const growth = last[key] - warm[key];
    if (growth <= BOUNDS[key]) return [];
    const perStep = (growth / (last.step - warm.step)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
    return [`${TITLES[key]}: ${count(growth)} more, ${perStep} per step; at most ${count(BOUNDS[key])} are allowed`];
  });
}

/** The samples as a table in Markdown. */
export function describeSamples(samples: readonly Sample[]): string {
  const rows = samples.map((sample) => [
    ...[count(sample.step), sample.loss.toFixed(3), mebibytes(sample.heap), mebibytes(sample.resident)],
    ...[mebibytes(sample.wasmMemory), mebibytes(sample.wasmLive)],
    ...[count(sample.tensors), count(sample.storages), count(sample.resources)],
  ]);
  const head = ['steps', 'loss', 'heap', 'RSS', 'wasm', 'live', 'tensors', 'storages', 'resources'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '--:')), ...rows.map(line)].join('\n');
}

function keysOf<T extends object>(object: T): (keyof T)[] {
  return Object.keys(object) as (keyof T)[];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}
