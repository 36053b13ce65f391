/**
 * @file Random operands of a matrix product.
 */
import fc from 'fast-check';
import type { Shape } from '../../tensor/shape.js';
import { broadcastablePairs } from './shapes.js';

/** `[…, m, k]` and `[…, k, n]` with batches that broadcast; either may be a vector `[k]`. */
export interface MatmulShapes {
  readonly a: Shape;
  readonly b: Shape;
}

/** Shapes for `matmul`, with sizes up to `maxSize` (default 4). */
export function matmulShapes({ maxSize = 4 }: { readonly maxSize?: number } = {}): fc.Arbitrary<MatmulShapes> {
  const size = fc.integer({ min: 1, max: maxSize });
  const kind = fc.constantFrom(
    'matrices',
    'matrices',
    'matrices',
    'vector on the left',
    'vector on the right',
    'vectors',
  );
  return fc
    .record({ kind, m: size, n: size, k: size, batch: broadcastablePairs({ maxRank: 2, maxSize: 3 }) })
    .map(({ kind, m, n, k, batch }) => ({
      a: kind === 'vector on the left' || kind === 'vectors' ? [k] : [...batch.a, m, k],
      b: kind === 'vector on the right' || kind === 'vectors' ? [k] : [...batch.b, k, n],
    }));
}
