/**
 * @file Options that decide what computes; every command that computes has them.
 */
import { Option } from 'commander';
import { type BackendName, backendInfo, backends, setBackend } from 'softgrad';
import { oneOf, wholeNumber } from '../optionValues.js';
import { UsageError } from '../usageError.js';

export const VARIANTS = ['relaxed', 'simd'] as const;

export interface BackendOptions {
  readonly backend?: BackendName;
  readonly threads?: number;
  readonly variant?: (typeof VARIANTS)[number];
}

export function backendOptions(): Option[] {
  return [
    new Option('--backend <name>', backends().join(', ')).argParser(oneOf(backends())),
    new Option('--threads <n>', 'threads of the wasm backend').argParser(wholeNumber({ most: 64 })),
    new Option('--variant <name>', 'instructions of the wasm backend: relaxed (if there), simd').argParser(
      oneOf(VARIANTS),
    ),
  ];
}

/** Those options that were given. */
export function givenOptions(options: { [K in keyof BackendOptions]: BackendOptions[K] | undefined }): BackendOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Makes the chosen backend the active one. */
export async function chooseBackend({ backend, threads, variant }: BackendOptions): Promise<void> {
  const name = backend ?? backendInfo().backend;
  for (const [option, value] of Object.entries({ threads, variant })) {
    if (value !== undefined && name !== 'wasm') {
      throw new UsageError(`--${option} ${value} doesn't go with the ${name} backend; allowed with: wasm`);
    }
  }
  const own = { ...(threads === undefined ? {} : { threads }), ...(variant === undefined ? {} : { variant }) };
  if (backend !== undefined || Object.keys(own).length > 0) {
    await setBackend(name, Object.keys(own).length > 0 ? own : undefined);
  }
}
