/**
 * @file What there is to know of a trained network that comes with the lab: a card, made from the files of its run.
 */
import { z } from 'zod';
import { runResult } from '../study/runResult.js';
import { type RunSettings, runSettings } from '../study/settings.js';

export const modelCard = z.object({
  format: z.literal('softgrad-model'),
  version: z.literal(1),
  name: z.string(),
  /** The version that tested it and wrote this. */
  softgrad: z.string(),
  settings: runSettings,
  /** What computed, as far as it decides how numbers are rounded, such as `wasm simd`. */
  arithmetic: z.string(),
  data: z.object({
    name: z.string(),
    trainImages: z.int(),
    testImages: z.int(),
    /** SHA-256 of the test images and their labels: another copy of the data may hold other pixels, or the same in another order. */
    testChecksum: z.hash('sha256'),
  }),
  /** Epoch by epoch, and the test of the final weights with what it took each image for. */
  result: runResult,
  weights: z.object({ bytes: z.int(), sha256: z.hash('sha256') }),
});
export type ModelCard = z.infer<typeof modelCard>;

/** `resnet20-soft-cifar10` */
export function modelName({ model, pool, data }: Pick<RunSettings, 'model' | 'pool' | 'data'>): string {
  return `${model}-${pool}-${data}`;
}
