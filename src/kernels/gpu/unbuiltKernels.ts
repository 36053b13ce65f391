/**
 * @file What the set does not have yet. A family that is added is taken off this list; the parity tests skip what is on it.
 */
import { BackendError } from '../../errors.js';

const notBuilt = (name: string) => (): never => {
  throw new BackendError(`gpu: ${name} is not built yet; use await setBackend('wasm')`);
};

export const unbuiltKernels = {};
