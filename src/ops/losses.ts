/**
 * @file Losses.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { RowGeometry } from '../kernels/layouts.js';
import { type Shape, sameShape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { mul, sub } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';
import { mean, sum } from './reduce.js';
import { reshape } from './reshape.js';
import { softmax } from './softmax.js';

export type Reduction = 'mean' | 'sum' | 'none';

export interface CrossEntropyOptions {
  /** How much of the target is spread evenly over all classes (Szegedy et al. 2016). Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** Default `mean`, over all labels. */
  readonly reduction?: Reduction | undefined;
}

interface Rows {
  readonly rows: RowGeometry;
  readonly losses: Shape;
  readonly labelSmoothing: number;
}

const crossEntropyOp: Op<readonly [Tensor, Tensor], Rows> = defineOp({
  name: 'crossEntropy',
  shape: (_, { losses }) => losses,
  forward: (kernels, [logits, labels], { rows, labelSmoothing }) =>
    kernels.crossEntropy(logits.storage, labels.storage, rows, labelSmoothing),
  vjp: (g, { inputs: [logits, labels], attributes }) => [crossEntropyGrad([g, logits, labels], attributes), undefined],
});

/** g · (softmax(logits) − target); the target is constant, so its own gradient is that of the softmax. */
const crossEntropyGrad: Op<readonly [Tensor, Tensor, Tensor], Rows> = defineOp({
  name: 'crossEntropyGrad',
  shape: ([, logits]) => logits.shape,
  forward: (kernels, [g, logits, labels], { rows, labelSmoothing }) =>
    kernels.crossEntropyGrad(g.storage, logits.storage, labels.storage, rows, labelSmoothing),
  vjp: (c, { inputs: [g, logits, labels], attributes }) => {
    const perClass = (t: Tensor): Tensor => reshape(t, [t.shape[0] ?? 1, 1, ...t.shape.slice(1)]);
    return [
      () => sum(mul(c, crossEntropyGrad([g.filled(1), logits, labels], attributes)), 1),
      () => {
        const p = softmax(logits, 1);
        return mul(perClass(g), mul(p, sub(c, sum(mul(c, p), 1, { keepDims: true }))));
      },
      undefined,
    ];
  },
});

/**
 * Cross entropy between the softmax of `logits` and class labels.
 *
 *   loss = −log softmax(logits)[label];  with smoothing s the target is (1 − s)·label + s/classes
 *
 * @param logits `[N, classes]` or `[N, classes, ...spatial]`
 * @param labels one class number per row, `N · spatial` of them
 * @returns a scalar, or with `reduction: 'none'` one loss per label
 * @throws ArgumentError if a label isn't a class number; the message names its position
 */
export function crossEntropy(logits: Tensor, labels: ArrayLike<number>, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0, reduction = 'mean' } = options;
  const [batch, classes] = logits.shape;
  if (batch === undefined || classes === undefined) {
    throw new ShapeError(`crossEntropy: logits must be [N, classes, ...spatial], got [${logits.shape}]`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError(`crossEntropy: labelSmoothing must lie between 0 and 1, got ${labelSmoothing}`);
  }
  const spatial = logits.shape.slice(2);
  const rows = { outer: batch, size: classes, inner: sizeOf(spatial) };
  checkLabels(labels, rows);
  const targets = logits.derive(logits.kernels.upload(labels, logits.dtype), [batch, ...spatial]);
  const losses = crossEntropyOp([logits, targets], { rows, losses: targets.shape, labelSmoothing });
  return reduceLosses(losses, reduction);
}

/**
 * The squared error (prediction − target)².
 *
 * @throws ShapeError if the shapes differ
 */
export function mseLoss(prediction: Tensor, target: Tensor, options: { readonly reduction?: Reduction } = {}): Tensor {
  if (!sameShape(prediction.shape, target.shape)) {
    throw new ShapeError(`mseLoss: prediction [${prediction.shape}] and target [${target.shape}] differ in shape`);
  }
  const difference = sub(prediction, target);
  return reduceLosses(mul(difference, difference), options.reduction ?? 'mean');
}

function checkLabels(labels: ArrayLike<number>, { outer, size, inner }: RowGeometry): void {
  if (labels.length !== outer * inner) {
    throw new ShapeError(`crossEntropy: logits have ${outer * inner} rows, got ${labels.length} labels`);
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? -1;
    if (!Number.isInteger(label) || label < 0 || label >= size) {
      throw new ArgumentError(
        `crossEntropy: label ${label} at position ${i} isn't a class number from 0 to ${size - 1}`,
      );
    }
  }
}

function reduceLosses(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? sum(losses) : mean(losses);
}
