/**
 * @file Random shapes, and pairs of them that broadcast.
 */
import fc from 'fast-check';
import type { Shape } from '../../tensor/shape.js';

export interface ShapeConstraints {
  /** Default 0. */
  readonly minRank?: number;
  /** Default 4. */
  readonly maxRank?: number;
  /** Default 1; 0 allows empty tensors. */
  readonly minSize?: number;
  /** Default 4. */
  readonly maxSize?: number;
}

/** Shapes, small ones first. */
export function shapes(constraints: ShapeConstraints = {}): fc.Arbitrary<Shape> {
  const { minRank = 0, maxRank = 4, minSize = 1, maxSize = 4 } = constraints;
  return fc.array(fc.integer({ min: minSize, max: maxSize }), { minLength: minRank, maxLength: maxRank });
}

/** Two shapes that broadcast against each other by NumPy's rule, and the shape that they give. */
export interface BroadcastablePair {
  readonly a: Shape;
  readonly b: Shape;
  readonly out: Shape;
}

/** Pairs in which either side lacks leading axes or repeats axes of size 1. */
export function broadcastablePairs(constraints: ShapeConstraints = {}): fc.Arbitrary<BroadcastablePair> {
  const { maxRank = 4, minSize = 1, maxSize = 4 } = constraints;
  const axis = fc.record({
    size: fc.integer({ min: minSize, max: maxSize }),
    repeated: fc.constantFrom('neither', 'neither', 'a', 'b'),
  });
  return fc
    .record({
      axes: fc.array(axis, { maxLength: maxRank }),
      missing: fc.record({ side: fc.constantFrom('a', 'b'), count: fc.nat({ max: maxRank }) }),
    })
    .map(({ axes, missing }) => {
      const side = (name: 'a' | 'b'): Shape =>
        axes
          .map(({ size, repeated }) => (repeated === name ? 1 : size))
          .slice(missing.side === name ? Math.min(missing.count, axes.length) : 0);
      const [a, b] = [side('a'), side('b')];
      // Where one side is missing, the other's 1 is not stretched by anything.
      const out = axes.map(({ size }, i) => {
        const sizes = [a, b].map((shape) => shape[i - axes.length + shape.length] ?? 1);
        return sizes.every((s) => s === 1) ? 1 : size;
      });
      return { a, b, out };
    });
}
