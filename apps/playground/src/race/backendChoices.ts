/**
 * @file The backends that a race can run on.
 */
import { backends } from 'softgrad';
import type { PlaygroundState } from '../state/playgroundState.js';
import type { BackendChoice } from './protocol.js';

export type RaceBackend = PlaygroundState['backend'];

export const BACKEND_CHOICES: Readonly<Record<RaceBackend, BackendChoice>> = {
  wasm: { name: 'wasm' },
  webgpu: { name: 'gpu', options: { mode: 'webgpu' } },
  webgl2: { name: 'gpu', options: { mode: 'webgl2' } },
  reference: { name: 'reference' },
};

/** Those of the library as it is; whether one runs in this browser, `setBackend` says. */
export function offeredBackends(): RaceBackend[] {
  const known: readonly string[] = backends();
  return (Object.keys(BACKEND_CHOICES) as RaceBackend[]).filter((name) => known.includes(BACKEND_CHOICES[name].name));
}
