import fc from 'fast-check';
import { Generator, type Shape, type Tensor } from '../../../src/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { wellSeparated } from '../../../src/testing/index.js';
import { float64, valuesOf } from '../../support/float64.js';
import type { GradientProblem } from '../../support/gradientCases.js';

/** Two tensors in which every value of one is at least 1/8 away from each value of the other, and from its negative. */
export function apartFrom(a: Shape, b: Shape, seed: number): [Tensor, Tensor] {
  const generator = new Generator(seed);
  const draw = (shape: Shape, offset: number): Tensor =>
    float64(
      Float64Array.from({ length: sizeOf(shape) }, () => (generator.integer(17) - 8) / 4 + offset),
      shape,
    );
  return [draw(a, 0), draw(b, 1 / 8)];
}

/** The gradient of relu ∘ f, where `fused` computes it; rejected if a value of f is so near to 0 that a step could cross it. */
export function beforeRelu(
  f: (...inputs: Tensor[]) => Tensor,
  fused: (...inputs: Tensor[]) => Tensor,
  shapes: readonly Shape[],
  seed: number,
): GradientProblem {
  const generator = new Generator(seed);
  const inputs = shapes.map((shape) => float64(wellSeparated(sizeOf(shape), generator), shape));
  fc.pre(valuesOf(f(...inputs)).every((value) => Math.abs(value) > 0.02));
  return { f: fused, inputs };
}
