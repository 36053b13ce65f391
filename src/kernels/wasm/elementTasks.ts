/**
 * @file How elementwise kernels are cut into tasks.
 */
import type { Work } from './wasmRuntime.js';

/** As assembly/lanes.ts has it. */
const ELEMENTS_PER_TASK = 16384;

/** The work of a kernel that walks once over `length` cells. */
export function elementTasks(length: number): Work {
  return { tasks: Math.ceil(length / ELEMENTS_PER_TASK), cells: length };
}
