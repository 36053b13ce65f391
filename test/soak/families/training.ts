/** @file Normalisation, losses and optimisers. */
import fc from 'fast-check';
import type { Shape } from '../../../src/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { Seeded } from '../program.js';
import { type Gene, type Genes, picks, position } from './gene.js';

const images: fc.Arbitrary<Shape> = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  )
  .map(([batch, channels, spatial]) => [batch, channels, ...spatial]);

const batchNorm: Genes = fc
  .record({
    shape: images,
    pick: picks,
    picks: fc.tuple(picks, picks),
    mode: fc.constantFrom('training', 'evaluation', 'running'),
    hasWeight: fc.boolean(),
    hasBias: fc.boolean(),
    activation: fc.constantFrom('none', 'relu'),
  })
  .map(
    ({ shape, pick, picks: [pickW, pickB], mode, hasWeight, hasBias, activation }): Gene =>
      (builder) => {
        const perChannel: Shape = [shape[1] ?? 1];
        const x = builder.shaped(pick, shape);
        const affine = {
          ...(hasWeight ? { weight: builder.shaped(pickW, perChannel) } : {}),
          ...(hasBias ? { bias: builder.shaped(pickB, perChannel) } : {}),
        };
        const options = { ...affine, eps: 2 ** -10, momentum: 0.125, activation };
        if (mode === 'training') {
          builder.call('batchNorm', x, { ...options, training: true });
          return;
        }
        const [mean, variance] = [builder.leaf(perChannel), builder.leaf(perChannel, 'positive')];
        if (mode === 'running') builder.call('trainBatchNorm', x, mean, variance, options);
        else builder.call('batchNorm', x, { ...options, runningMean: mean, runningVar: variance });
      },
  );

const reduction = fc.constantFrom('mean', 'sum', 'none');

const crossEntropy: Genes = fc
  .record({
    shape: images,
    pick: picks,
    numbers: fc.array(fc.nat({ max: 9 }), { minLength: 5, maxLength: 5 }),
    labelSmoothing: fc.constantFrom(0, 0.125, 1),
    reduction,
  })
  .map(({ shape, pick, numbers, labelSmoothing, reduction }) => (builder) => {
    const [batch = 1, classes = 1, ...spatial] = shape;
    const labels = Array.from({ length: batch * sizeOf(spatial) }, (_, i) => position(numbers[i % 5] ?? 0, classes));
    builder.call('crossEntropy', builder.shaped(pick, shape), labels, { labelSmoothing, reduction });
  });

const mseLoss: Genes = fc
  .record({ shape: images, picks: fc.tuple(picks, picks), reduction })
  .map(({ shape, picks: [pickA, pickB], reduction }) => (builder) => {
    const prediction = builder.any(pickA, shape);
    builder.call('mseLoss', prediction, builder.shaped(pickB, builder.shapeOf(prediction)), { reduction });
  });

const optimizer: Genes = fc
  .record({
    kind: fc.constantFrom(
      ['SGD', { lr: 0.125 }],
      ['SGD', { lr: 0.125, momentum: 0.75, weightDecay: 0.125 }],
      ['SGD', { lr: 0.125, momentum: 0.75, nesterov: true }],
      ['SGD', { lr: 0.125, momentum: 0.75, dampening: 0.25 }],
      ['Adam', { lr: 0.125, eps: 2 ** -10, weightDecay: 0.125 }],
      ['AdamW', { lr: 0.125, eps: 2 ** -10, weightDecay: 0.125 }],
    ),
    pick: picks,
    shape: images,
    steps: fc.array(picks, { minLength: 1, maxLength: 3 }),
  })
  .map(({ kind: [kind = 'SGD', options], pick, shape, steps }) => (builder) => {
    const x = builder.any(pick, shape);
    const grads = steps.map((step) => builder.shaped(step, builder.shapeOf(x)));
    builder.call('optimize', kind, options, x, grads);
  });

const dropout: Genes = fc
  .record({ pick: picks, shape: images, p: fc.constantFrom(0.5, 0, 0.25, 1), training: fc.boolean() })
  .map(({ pick, shape, p, training }) => (builder) => {
    builder.call('dropout', builder.any(pick, shape), { p, training, generator: new Seeded(3) });
  });

export const training: Genes = fc.oneof(batchNorm, batchNorm, crossEntropy, crossEntropy, mseLoss, optimizer, dropout);
