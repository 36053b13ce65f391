/**
 * @file Watching operations run: what goes into and comes out of every call, whether or not the graph records it.
 */
import type { Tensor } from '../tensor/tensor.js';
import type { Inputs } from './defineOp.js';

/** One call of an operation made by `defineOp` or `defineMultiOp`, after it returned. */
export interface OperationCall {
  /** The operation's name, as it stands in messages. */
  readonly operation: string;
  readonly inputs: Inputs;
  readonly attributes: unknown;
  readonly outputs: readonly Tensor[];
}

type Observer = (call: OperationCall) => void;

let active: Observer | undefined;

/**
 * Runs `body` and reports every call of an operation, in order. Reshapes and detached tensors are no calls: they share their
 * input's cells. An observer within another replaces it for the time being.
 */
export function observeOperations<T>(observer: Observer, body: () => T): T {
  const before = active;
  active = observer;
  try {
    return body();
  } finally {
    active = before;
  }
}

/** Tells the observer, if there is one. */
export function reportOperation(call: OperationCall): void {
  active?.(call);
}
