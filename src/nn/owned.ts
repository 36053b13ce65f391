/**
 * @file Values that a layer starts from: the tensor they came in goes, the parameter stays.
 */
import { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';
import { Buffer } from './buffer.js';

/** A parameter in the place of `initial`, which is disposed: a second owner would cost a copy at the first update. */
export function ownedParameter(initial: Tensor): Parameter {
  const parameter = new Parameter(initial);
  initial.dispose();
  return parameter;
}

/** The same for a value that isn't trained. */
export function ownedBuffer(initial: Tensor): Buffer {
  const buffer = new Buffer(initial);
  initial.dispose();
  return buffer;
}
