/**
 * @file What the set does not have yet. A family that is added is taken off this list; the parity tests skip what is on it.
 */
import { BackendError } from '../../errors.js';

const notBuilt = (name: string) => (): never => {
  throw new BackendError(`gpu: ${name} is not built yet; use await setBackend('wasm')`);
};

export const unbuiltKernels = {
  reduce: notBuilt('reduce'),
  argMax: notBuilt('argMax'),
  softmax: notBuilt('softmax'),
  softPool: notBuilt('softPool'),
  softPoolGrad: notBuilt('softPoolGrad'),
  importancePool: notBuilt('importancePool'),
  importanceUnpool: notBuilt('importanceUnpool'),
  importanceLogitsGrad: notBuilt('importanceLogitsGrad'),
  maxPool: notBuilt('maxPool'),
  maxUnpool: notBuilt('maxUnpool'),
  avgPool: notBuilt('avgPool'),
  avgUnpool: notBuilt('avgUnpool'),
  unfold: notBuilt('unfold'),
  fold: notBuilt('fold'),
  batchNormStatistics: notBuilt('batchNormStatistics'),
  batchNorm: notBuilt('batchNorm'),
  batchNormGrad: notBuilt('batchNormGrad'),
  updateRunning: notBuilt('updateRunning'),
  crossEntropy: notBuilt('crossEntropy'),
  crossEntropyGrad: notBuilt('crossEntropyGrad'),
  sgdStep: notBuilt('sgdStep'),
  adamStep: notBuilt('adamStep'),
};
