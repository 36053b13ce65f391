/**
 * @file Sets of kernels with a known bug each: what a soak must find.
 */
import type { Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference/referenceKernels.js';
import type { ReferenceStorage } from '../../src/kernels/reference/storage.js';

type Reference = typeof referenceKernels;

/** The reference set with some of its kernels replaced. */
function withBug(bug: Partial<Reference>): Kernels {
  return { ...referenceKernels, ...bug };
}

const { binary, convWeightGrad, importanceUnpool, maxUnpool, reduce, unary } = referenceKernels;

function mapped(x: ReferenceStorage, f: (value: number, cell: number) => number): ReferenceStorage {
  return { ...x, values: x.values.map(f) };
}

export const plantedBugs: Readonly<Record<string, Kernels>> = {
  'the gradient of SoftPool with its weights held constant': withBug({
    softPoolGrad: (g, x, beta, geometry) =>
      importanceUnpool(
        g,
        mapped(x, (v) => beta * v),
        geometry,
      ),
  }),
  'a weight gradient that forgets the last sample': withBug({
    convWeightGrad: (g, x, geometry) => convWeightGrad(g, x, { ...geometry, batch: Math.max(1, geometry.batch - 1) }),
  }),
  'max pooling that gives the gradient to the last of equal maxima': withBug({
    maxUnpool: (g, keys, geometry) =>
      maxUnpool(
        g,
        mapped(keys, (v, i) => v + 1e-6 * i),
        geometry,
      ),
  }),
  'broadcasting with two strides swapped': withBug({
    binary: (op, a, b, layout, scalar) => {
      const isSquare = new Set(layout.shape).size === 1;
      return binary(op, a, b, isSquare ? { ...layout, stridesB: layout.stridesB.toReversed() } : layout, scalar);
    },
  }),
  'elementwise functions that swallow NaN': withBug({
    unary: (op, x, scalar) => mapped(unary(op, x, scalar), (y) => (Number.isNaN(y) ? 0 : y)),
  }),
};

/** The bits of sums depend on who computes them. */
export const otherSums: Kernels = withBug({
  reduce: (op, x, layout) => mapped(reduce(op, x, layout), (y) => (op === 'sum' ? Math.fround(y * (1 + 2 ** -22)) : y)),
});

/** |x| has the wrong slope: a mistake that every set shares, so that only differences tell. */
export const wrongSlope: Kernels = withBug({
  unary: (op, x, scalar) => mapped(unary(op, x, scalar), (y) => (op === 'sign' ? 1.01 * y : y)),
});
