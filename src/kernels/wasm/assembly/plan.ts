/**
 * @file What the host reads before it runs a kernel.
 *
 * A plan holds everything that follows from the geometry alone, so the host may keep it and use it again. It is made in
 * one call (`<kernel>Plan`), and afterwards only read. Kernels that need one run in up to three phases, each over its own
 * tasks: `<kernel>Prepare` (packs what all tasks share into the workspace), `<kernel>`, `<kernel>Finish` (combines what the
 * tasks left in the workspace). A phase of 0 tasks is skipped.
 */

/** The head of every plan: i32 each, in this order. */
@unmanaged
export class Plan {
  prepareTasks: i32;
  tasks: i32;
  finishTasks: i32;
  /** Bytes shared by all threads from the first phase to the last. */
  workspaceBytes: i32;
  /** Bytes that each thread needs for itself during the main phase. */
  scratchBytes: i32;
}

/** Rounds a size in bytes up to whole cache lines. */
@inline
export function alignBytes(bytes: i32): i32 {
  return (bytes + 63) & ~63;
}

@inline
export function ceilDiv(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}
