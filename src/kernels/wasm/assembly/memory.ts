/** @file Where the module's own constants end in the shared memory. */

/** Returns the first byte that the host may hand out: what lies below belongs to the module. */
export function heapBase(): usize {
  return __heap_base;
}
