/**
 * @file From the binaries inside the package to a compiled module: at once, and without a file path.
 */
import { BackendError } from '../../errors.js';
import { relaxedBinary } from './generated/relaxed.js';
import { simdBinary } from './generated/simd.js';

/** `simd` multiplies and adds in two steps, `relaxed` (relaxed SIMD) in one, rounded once. */
export type Variant = 'simd' | 'relaxed';

const binaries: Readonly<Record<Variant, string>> = { simd: simdBinary, relaxed: relaxedBinary };

/** A function body that only an engine with the variant's instructions accepts: splats, then one telling instruction. */
const probes: Readonly<Record<Variant, readonly number[]>> = {
  simd: [0x41, 0, 0xfd, 0x0f, 0xfd, 0x62], // i32.const 0, i8x16.splat, i8x16.popcnt
  relaxed: [0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 0x02], // … f32x4.relaxed_madd
};

/** Whether the engine runs a variant. */
export function hasVariant(variant: Variant): boolean {
  const body = [0, ...probes[variant], 0x0b];
  const sections = [
    [1, 5, 1, 0x60, 0, 1, 0x7b], // type: () → v128
    [3, 2, 1, 0], // one function of it
    [10, body.length + 2, 1, body.length, ...body],
  ];
  return WebAssembly.validate(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]));
}

/**
 * The variant to run: the one asked for, or the best that the engine has.
 *
 * @throws BackendError if the engine doesn't have it
 */
export function chooseVariant(wanted: Variant | undefined): Variant {
  const variant = wanted ?? (hasVariant('relaxed') ? 'relaxed' : 'simd');
  if (typeof WebAssembly === 'object' && hasVariant(variant)) return variant;
  if (variant === 'relaxed') {
    throw new BackendError("wasm: this engine has no relaxed SIMD; leave `variant` out, or use { variant: 'simd' }");
  }
  throw new BackendError("wasm: this engine has no WebAssembly SIMD; use setBackend('reference') or setBackend('gpu')");
}

/** Compiles a variant for a memory that is shared or not. */
export function compileKernels(variant: Variant, isShared: boolean): WebAssembly.Module {
  const text = atob(binaries[variant]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  if (!isShared) importPlainMemory(bytes);
  return new WebAssembly.Module(bytes);
}

/**
 * Clears the `shared` flag of the memory that a binary imports: the kernels themselves don't care, but an engine links shared
 * with shared and plain with plain memory only.
 */
function importPlainMemory(bytes: Uint8Array): void {
  const memoryImport = [...'\u0003env\u0006memory\u0002'].map((character) => character.charCodeAt(0));
  const flags =
    bytes.findIndex((_, start) => memoryImport.every((byte, i) => bytes[start + i] === byte)) + memoryImport.length;
  const hasMaximum = 1;
  bytes[flags] = hasMaximum;
}
