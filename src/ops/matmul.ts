/**
 * @file Matrix products, batched and broadcast as in NumPy.
 */
import { ShapeError } from '../errors.js';
import type { Activation } from '../kernels/kernels.js';
import type { MatmulGeometry } from '../kernels/layouts.js';
import { broadcastShapes, type Shape, sameShape, sizeAt, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { reluGrad } from './arithmetic.js';
import { broadcastTo, sumTo } from './broadcast.js';
import { defineOp, type Op } from './defineOp.js';
import { reshape } from './reshape.js';

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly activation?: Activation;
}

const matmulOp: Op<readonly [Tensor, Tensor, Tensor | undefined], MatmulOptions> = defineOp({
  name: 'matmul',
  shape: ([a, b], options) => {
    const { m, n } = matrixSizes(a.shape, b.shape, options);
    return [...broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  },
  forward: (kernels, [a, b, bias], options, shape) => {
    const geometry = matmulGeometry(a.shape, b.shape, shape, options);
    return kernels.matmul(a.storage, b.storage, bias?.storage, geometry, options.activation ?? 'none');
  },
  vjp: (cotangent, { inputs: [a, b, bias], output, attributes: options }) => {
    const { transposeA = false, transposeB = false } = options;
    const g = options.activation === 'relu' ? reluGrad(cotangent, output) : cotangent;
    const gradA = (): Tensor =>
      transposeA
        ? product(b, g, { transposeA: transposeB, transposeB: true })
        : product(g, b, { transposeB: !transposeB });
    const gradB = (): Tensor =>
      transposeB
        ? product(g, a, { transposeA: true, transposeB: transposeA })
        : product(a, g, { transposeA: !transposeA });
    return [() => sumTo(gradA(), a.shape), () => sumTo(gradB(), b.shape), () => bias && sumTo(g, bias.shape)];
  },
});

/** op(A)·op(B) + bias for tensors of rank 2 and more, whose batch axes are equal, or absent from one of them. */
function product(a: Tensor, b: Tensor, options: MatmulOptions, bias?: Tensor): Tensor {
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = broadcastShapes('matmul', batchA, batchB);
  const spread = (t: Tensor, own: Shape): Tensor =>
    sizeOf(own) === 1 || sameShape(own, batch) ? t : broadcastTo(t, [...batch, ...t.shape.slice(-2)]);
  return matmulOp([spread(a, batchA), spread(b, batchB), bias], options);
}

/**
 * The matrix product. Vectors count as one row (left) or one column (right), and that axis disappears again; axes in front of
 * the last two are a batch and broadcast.
 *
 * @param a `[…, m, k]` or `[k]`
 * @param b `[…, k, n]` or `[k]`
 * @throws ShapeError if the inner sizes differ or the batches don't broadcast
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError(
      `matmul: needs at least one axis on both sides, got [${a.shape}] and [${b.shape}]; use mul for scalars`,
    );
  }
  const left = a.rank === 1 ? reshape(a, [1, a.size]) : a;
  const right = b.rank === 1 ? reshape(b, [b.size, 1]) : b;
  const result = product(left, right, {});
  const batch = result.shape.slice(0, -2);
  const rows = a.rank === 1 ? [] : [sizeAt(left.shape, left.rank - 2)];
  const columns = b.rank === 1 ? [] : [sizeAt(right.shape, right.rank - 1)];
  return reshape(result, [...batch, ...rows, ...columns]);
}

export interface LinearOptions {
  /** Applied to the result in the same pass. Default `none`. */
  readonly activation?: Activation;
}

/**
 * x·Wᵀ + b.
 *
 * @param x `[…, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[…, out]`
 * @throws ShapeError if the sizes don't fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, options: LinearOptions = {}): Tensor {
  const [out, features] = weight.shape;
  if (weight.rank !== 2 || out === undefined || features === undefined || x.shape.at(-1) !== features) {
    throw new ShapeError(
      `linear: input [${x.shape}] needs a weight [out, ${x.shape.at(-1) ?? 'in'}], got [${weight.shape}]`,
    );
  }
  if (bias && !sameShape(bias.shape, [out])) {
    throw new ShapeError(`linear: bias must be [${out}] for weight [${weight.shape}], got [${bias.shape}]`);
  }
  const rows = features === 0 ? sizeOf(x.shape.slice(0, -1)) : x.size / features;
  const result = product(reshape(x, [rows, features]), weight, { transposeB: true, ...options }, bias);
  return reshape(result, [...x.shape.slice(0, -1), out]);
}

function matrixSizes(a: Shape, b: Shape, options: MatmulOptions): { m: number; n: number; k: number } {
  const [rowsA, columnsA] = [sizeAt(a, a.length - 2), sizeAt(a, a.length - 1)];
  const [rowsB, columnsB] = [sizeAt(b, b.length - 2), sizeAt(b, b.length - 1)];
  const [m, k] = options.transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = options.transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (k !== inner) throw new ShapeError(`matmul: inner sizes of [${a}] and [${b}] differ: ${k} and ${inner}`);
  return { m, n, k };
}

function matmulGeometry(a: Shape, b: Shape, out: Shape, options: MatmulOptions): MatmulGeometry {
  const { m, n, k } = matrixSizes(a, b, options);
  return {
    batch: sizeOf(out.slice(0, -2)),
    m,
    n,
    k,
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
    batchStrideA: sizeOf(a.slice(0, -2)) === 1 ? 0 : m * k,
    batchStrideB: sizeOf(b.slice(0, -2)) === 1 ? 0 : k * n,
  };
}
