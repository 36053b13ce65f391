/**
 * @file Parameters that one dispatch updates together.
 *
 * A kernel takes few tensors. Parameters that were updated together lie side by side from then on, as do their states, and are
 * one input each; what limits a batch are the gradients, of which some are neighbours too (those of a batch norm).
 */
import { BackendError } from '../../errors.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, partStride, placesOf } from './gpuStorage.js';
import { sideBySide } from './sideBySide.js';

/** The storages that an update replaces, the parameter first, and the gradient. */
export interface Update {
  readonly replaced: readonly GpuStorage[];
  readonly grad: GpuStorage;
}

/** What the kernel of a batch is called with, by the names of programs/optimizer.ts. */
export class Batch {
  /** From the beginning of one output to that of the next. */
  readonly stride: number;
  readonly cells: number;
  readonly #replaced: readonly GpuStorage[];
  readonly #grads: readonly GpuStorage[];
  readonly #begins: readonly number[];
  readonly #lengths: readonly number[];

  /** @param replaced all parameters, all first states, … */
  constructor(gpu: GpuRuntime, slots: readonly (readonly Update[])[], replaced: readonly GpuStorage[]) {
    this.#lengths = slots.flat().map(({ grad }) => grad.length);
    const { begins, end } = placesOf(this.#lengths);
    this.stride = partStride(end);
    this.cells = end;
    this.#replaced = replaced;
    this.#grads = slots.map((slot) => required(gpu.viewOf(slot.map(({ grad }) => grad))));
    let members = 0;
    this.#begins = slots.map((slot) => {
      members += slot.length;
      return begins[members - slot.length] ?? end;
    });
  }

  /** All parameters (0), all first states (1), … */
  replaced(index: number): GpuStorage {
    return required(this.#replaced[index]);
  }

  /** Gradients number `slot`; where there are fewer, the first. */
  grad(slot: number): GpuStorage {
    return required(this.#grads[slot] ?? this.#grads[0]);
  }

  /** Where they begin; behind everything where there are fewer. */
  begin(slot: number): number {
    return this.#begins[slot] ?? this.cells;
  }

  /** Lengths of so many outputs for every parameter. */
  lengths(outputs: number): number[] {
    return Array.from({ length: outputs }, () => this.#lengths).flat();
  }
}

/**
 * Updates in batches of up to `maxGrads` gradients. `run` returns results as `Batch.lengths` has them.
 *
 * @returns the results of each update
 */
export function updateInBatches(
  gpu: GpuRuntime,
  operation: string,
  updates: readonly Update[],
  maxGrads: number,
  run: (batch: Batch) => readonly GpuStorage[],
): GpuStorage[][] {
  // What has no cells stays as it is.
  const next = new Map(updates.map((update) => [update, [...update.replaced]]));
  const withCells = updates.filter(({ grad }) => grad.length > 0);
  for (const slots of slotsOf(gpu, withCells, maxGrads)) {
    const members = slots.flat();
    const joined = (members[0]?.replaced ?? []).map((_, index) =>
      sideBySide(
        gpu,
        operation,
        members.map(({ replaced }) => required(replaced[index])),
      ),
    );
    const wholes = joined.map(({ whole }) => whole);
    const results = run(new Batch(gpu, slots, wholes));
    for (const { free } of joined) free();
    for (const { replaced } of members) for (const storage of replaced) gpu.free(storage);
    members.forEach((member, i) => {
      next.set(
        member,
        results.filter((_, result) => result % members.length === i),
      );
    });
  }
  return updates.map((update) => next.get(update) ?? []);
}

/** Batches of slots, which are updates whose gradients are neighbours. */
function slotsOf(gpu: GpuRuntime, updates: readonly Update[], maxGrads: number): Update[][][] {
  if (!gpu.hasParts) return updates.map((update) => [[update]]);
  const batches: Update[][][] = [];
  for (const update of updates) {
    const batch = batches.at(-1);
    const slot = batch?.at(-1);
    if (slot && gpu.viewOf([...slot, update].map(({ grad }) => grad))) slot.push(update);
    else if (batch && batch.length < maxGrads) batch.push([update]);
    else batches.push([[update]]);
  }
  return batches;
}

function required(storage: GpuStorage | undefined): GpuStorage {
  if (!storage) throw new BackendError('gpu: an optimiser step lacks a tensor');
  return storage;
}
