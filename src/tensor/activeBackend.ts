/**
 * @file The backends that exist and the one that new tensors are made on.
 */
import { BackendError } from '../errors.js';
import type { BackendInfo, BackendName, Kernels } from '../kernels/kernels.js';

/** How to get a kernel set. `options` are the set's own. */
export type BackendLoader = (options: object | undefined) => Kernels | Promise<Kernels>;

const loaders = new Map<BackendName, BackendLoader>();
const defaults = new Map<BackendName, object>();
const loaded = new Map<BackendName, Kernels>();
let active: Kernels | undefined;

/** Makes a backend known, with a set that is ready at once; the first becomes active. */
export function registerBackend(name: BackendName, loader: BackendLoader, ready: Kernels): void {
  loaders.set(name, loader);
  loaded.set(name, ready);
  active ??= ready;
}

/** Makes a backend known that is loaded on demand. `setBackend` without options asks for it with `options`. */
export function registerLazyBackend(name: BackendName, loader: BackendLoader, options: object): void {
  loaders.set(name, loader);
  defaults.set(name, options);
}

/** Names of the backends that `setBackend` takes. */
export function backends(): BackendName[] {
  return [...loaders.keys()];
}

/**
 * Makes `name` the backend of all tensors created from now on. Existing tensors stay where they are.
 *
 * @throws BackendError if the backend doesn't exist or can't run here; the active backend then stays as it was
 */
export async function setBackend(name: BackendName, options?: object): Promise<void> {
  active = await loadBackend(name, options ?? defaults.get(name));
}

/** The kernel set of a backend, loaded when first asked for, and anew when options are given. */
export async function loadBackend(name: BackendName, options?: object): Promise<Kernels> {
  const loader = loaders.get(name);
  if (!loader) throw new BackendError(`setBackend: no backend '${name}'; there are ${backends().join(', ')}`);
  const existing = loaded.get(name);
  if (existing && options === undefined) return existing;
  const kernels = await loader(options);
  loaded.set(name, kernels);
  return kernels;
}

/** The kernel set of a backend that is ready, else of the active one. */
export function kernelsOf(name?: BackendName): Kernels {
  const kernels = name === undefined ? active : loaded.get(name);
  if (!kernels) throw new BackendError(`backend '${name}' isn't loaded; call await setBackend('${name}') first`);
  return kernels;
}

/** What really runs operations on new tensors: instruction set or adapter, number of threads. */
export function backendInfo(): BackendInfo {
  return kernelsOf().info();
}
