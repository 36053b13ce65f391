/**
 * @file The point at which a gradient is checked.
 */
import { ArgumentError } from '../errors.js';
import type { Generator } from '../tensor/generator.js';
import { checkShape, type Shape, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { type ValueRange, wellSeparated } from './wellSeparated.js';

/** A tensor of any backend and dtype, or a shape to be filled with well-separated random values (of a range). */
export type GradcheckInput = Tensor | (ValueRange & { readonly shape: Shape });

/** One input as plain numbers. */
export interface PointInput {
  /** For messages. */
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Reads or draws the values of every input. */
export async function pointOf(
  operation: string,
  inputs: readonly GradcheckInput[],
  generator: Generator,
): Promise<PointInput[]> {
  if (inputs.length === 0) throw new ArgumentError(`${operation}: needs at least one input`);
  const point: PointInput[] = [];
  for (const [i, input] of inputs.entries()) {
    const name = `input ${i}`;
    if (input instanceof Tensor) {
      point.push({ name, shape: input.shape, values: Float64Array.from(await input.data()) });
    } else {
      checkShape(operation, input.shape);
      point.push({ name, shape: input.shape, values: wellSeparated(sizeOf(input.shape), generator, input) });
    }
  }
  return point;
}
