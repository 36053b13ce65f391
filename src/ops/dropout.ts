/**
 * @file Dropout (Srivastava et al., JMLR 2014), inverted: kept values are scaled by 1/(1 − p).
 */
import { ArgumentError } from '../errors.js';
import { bernoulli } from '../tensor/create.js';
import type { Generator } from '../tensor/generator.js';
import type { Tensor } from '../tensor/tensor.js';
import { mul } from './arithmetic.js';
import { reshape } from './reshape.js';

export interface DropoutOptions {
  /** Probability of dropping a value. Default 0.5. */
  readonly p?: number | undefined;
  /** Off, the input passes unchanged. Default true. */
  readonly training?: boolean | undefined;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/**
 * Sets each value to 0 with probability p and scales the others by 1/(1 − p).
 *
 * @throws ArgumentError if p isn't in [0, 1]
 */
export function dropout(x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p = 0.5, training = true, generator } = options;
  if (!(p >= 0 && p <= 1)) throw new ArgumentError(`dropout: p must lie between 0 and 1, got ${p}`);
  if (!training || p === 0) return reshape(x, x.shape);
  if (p === 1) return mul(x, 0);
  const kept = bernoulli(x.shape, 1 - p, { dtype: x.dtype, backend: x.backend, generator });
  return mul(x, mul(kept, 1 / (1 - p)));
}
