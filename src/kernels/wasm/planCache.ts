/**
 * @file Plans: what the assembly derives from a geometry, computed once and kept in memory (see assembly/README.md).
 */
import type { Block } from './allocator.js';
import type { WasmRuntime } from './wasmRuntime.js';

/** A plan in memory, and the head of it. */
export interface Plan {
  readonly address: number;
  readonly prepareTasks: number;
  readonly tasks: number;
  readonly finishTasks: number;
  readonly workspaceBytes: number;
  readonly scratchBytes: number;
}

interface Entry {
  readonly plan: Plan;
  readonly block: Block;
}

/** More geometries than a training run has; a plan is some kilobytes. */
const CAPACITY = 256;

/** Keeps plans by geometry, the most recently used ones. */
export class PlanCache {
  readonly #runtime: WasmRuntime;
  readonly #entries = new Map<string, Entry>();

  constructor(runtime: WasmRuntime) {
    this.#runtime = runtime;
  }

  /**
   * The plan of a geometry.
   *
   * @param kind name of the planning kernel
   * @param bytes how large the plan is
   * @param write calls that kernel with the plan's address
   */
  get(kind: string, geometry: readonly number[], bytes: () => number, write: (address: number) => void): Plan {
    // The variants differ in the tiles that they pack for.
    const key = `${this.#runtime.variant} ${kind} ${geometry.join()}`;
    const present = this.#entries.get(key);
    if (present) {
      this.#entries.delete(key);
      this.#entries.set(key, present);
      return present.plan;
    }
    const block = this.#runtime.reserve('plans', bytes());
    write(block.address);
    const plan = this.#readHead(block.address);
    this.#entries.set(key, { plan, block });
    this.#evict();
    return plan;
  }

  #readHead(address: number): Plan {
    const word = (index: number): number => this.#runtime.memory.ints[address / 4 + index] ?? 0;
    return {
      address,
      prepareTasks: word(0),
      tasks: word(1),
      finishTasks: word(2),
      workspaceBytes: word(3),
      scratchBytes: word(4),
    };
  }

  #evict(): void {
    if (this.#entries.size <= CAPACITY) return;
    for (const [key, { block }] of this.#entries) {
      this.#entries.delete(key);
      this.#runtime.allocator.free(block);
      return;
    }
  }
}
