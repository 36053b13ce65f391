/**
 * @file Lifetimes: who frees the tensors that the garbage collector doesn't see.
 *
 * A tensor is freed by the first of: `dispose()` (or `using`), the end of the innermost `scope` that it was made in, the
 * garbage collector. What `scope` returns, and what a returned tensor's graph needs, moves to the enclosing scope.
 */
import { ArgumentError } from '../errors.js';
import { liveStorages } from './sharedStorage.js';
import type { Tensor } from './tensor.js';

let current: Set<Tensor> | undefined;
let liveTensors = 0;

/**
 * Runs `body` and frees every tensor made inside, except those in its result (also inside arrays and plain objects), those
 * kept with `keep`, parameters, and gradients stored in `.grad`.
 *
 * @throws ArgumentError if `body` returns a promise; await values outside
 */
export function scope<T>(body: () => T): T {
  const outer = current;
  const mine = new Set<Tensor>();
  current = mine;
  let result: T | undefined;
  try {
    result = body();
    if (result instanceof Promise) {
      throw new ArgumentError(
        'scope: the function returned a promise; return the tensors and await their values outside',
      );
    }
    return result;
  } finally {
    current = outer;
    const survivors = reachable(result);
    for (const tensor of mine) {
      if (tensor.isKept) continue;
      if (survivors.has(tensor)) outer?.add(tensor);
      else tensor.dispose();
    }
  }
}

/** True inside a `scope`. */
export function insideScope(): boolean {
  return current !== undefined;
}

/** Takes a tensor out of its scope: it lives until it is disposed or collected. */
export function keep<T extends Tensor>(tensor: T): T {
  current?.delete(tensor);
  tensor.isKept = true;
  return tensor;
}

/** Gives a kept tensor to the innermost scope, as if it had just been made there. */
export function handOver<T extends Tensor>(tensor: T): T {
  tensor.isKept = false;
  current?.add(tensor);
  return tensor;
}

export interface MemoryInfo {
  readonly tensors: number;
  readonly storages: number;
  readonly bytes: number;
}

/** What is alive now: tensors, the storages behind them and their bytes. */
export function memory(): MemoryInfo {
  return { tensors: liveTensors, ...liveStorages() };
}

/** Called by the tensor's constructor. */
export function enterScope(tensor: Tensor): void {
  liveTensors += 1;
  current?.add(tensor);
}

/** Called when a tensor is disposed or collected. */
export function leaveScope(tensor?: Tensor): void {
  liveTensors -= 1;
  if (tensor) current?.delete(tensor);
}

/** The tensors in a result and those that their graphs need for a backward pass. */
function reachable(result: unknown): Set<Tensor> {
  const found = new Set<Tensor>();
  const visited = new Set<object>();
  const pending: unknown[] = [result];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null || visited.has(value)) continue;
    visited.add(value);
    if (isTensor(value)) {
      found.add(value);
      if (value.node) pending.push(...value.node.keeps());
    } else if (Array.isArray(value) || value instanceof Set) {
      pending.push(...value);
    } else if (value instanceof Map) {
      pending.push(...value.values());
    } else if (Object.getPrototypeOf(value) === Object.prototype) {
      pending.push(...Object.values(value));
    }
  }
  return found;
}

function isTensor(value: object): value is Tensor {
  return 'isKept' in value && 'dispose' in value;
}
