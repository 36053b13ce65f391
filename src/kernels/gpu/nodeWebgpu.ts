/**
 * @file WebGPU in Node, which has none of its own: the package `webgpu` brings it.
 *
 * gpu.js looks for `navigator.gpu`. It is put there while a device is asked for and taken away again: a Node that appears to
 * have a navigator.gpu for good doesn't exit, and other libraries would take it for a browser.
 */
import { BackendError } from '../../errors.js';

const PACKAGE = 'webgpu';
const ADVICE = 'npm install webgpu@^0.6';

/** The package's exports. */
interface WebgpuPackage {
  create(options: readonly string[]): object;
}

/**
 * Runs `act` while `navigator.gpu` is there, the platform's own or that of the package.
 *
 * @param act its argument must be kept as long as the device is used: the package frees the driver with it
 * @throws BackendError if there is neither
 */
export async function withWebgpu<T>(act: (owner: object) => Promise<T>): Promise<T> {
  if (globalThis.navigator?.gpu) return act(globalThis.navigator.gpu);
  if (typeof process === 'undefined' || !process.versions?.node) {
    throw new BackendError('this browser has no WebGPU (no navigator.gpu); it needs a recent one and a secure page');
  }
  const gpu = (await loadPackage()).create([]);
  const restore = globalThis.navigator
    ? define(globalThis.navigator, 'gpu', gpu)
    : define(globalThis, 'navigator', { gpu });
  try {
    return await act(gpu);
  } finally {
    restore();
  }
}

async function loadPackage(): Promise<WebgpuPackage> {
  let module: unknown;
  try {
    // Bundlers must not look for it: browsers have WebGPU built in.
    module = await import(/* @vite-ignore */ /* webpackIgnore: true */ PACKAGE);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const isMissing =
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw new BackendError(
      isMissing
        ? `Node has no WebGPU of its own and the package 'webgpu' is not installed: ${ADVICE}`
        : `the package 'webgpu' can't be loaded here (${reason}); softgrad needs version 0.6 or newer: ${ADVICE}`,
      { cause: error },
    );
  }
  if (isWebgpuPackage(module)) return module;
  throw new BackendError(`the package 'webgpu' has no create(); softgrad needs version 0.6 or newer: ${ADVICE}`);
}

function isWebgpuPackage(module: unknown): module is WebgpuPackage {
  return typeof module === 'object' && module !== null && 'create' in module && typeof module.create === 'function';
}

/** Sets a property until the returned function is called. */
function define(target: object, key: string, value: unknown): () => void {
  const previous = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { value, configurable: true, enumerable: false, writable: true });
  return () => {
    Reflect.deleteProperty(target, key);
    if (previous) Object.defineProperty(target, key, previous);
  };
}
