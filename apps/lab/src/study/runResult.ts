/**
 * @file What a run leaves: its result, which two people with the same settings share to the bit, and its times, which they don't.
 */
import { z } from 'zod';
import { listOf } from './listOf.js';

/** One epoch: training metrics are means over its steps, test metrics were taken after it. */
export const epochRecord = z.object({
  loss: z.number(),
  accuracy: z.number(),
  testLoss: z.number(),
  testAccuracy: z.number(),
  /** Of the last step. */
  lr: z.number(),
});
export type EpochRecord = z.infer<typeof epochRecord>;

/** How the final weights do on the test images. */
export const testRecord = z.object({
  loss: z.number(),
  accuracy: z.number(),
  /** Share of each class that was recognised, in the order of the classes; null where there is no image of it. */
  classAccuracy: listOf(z.number().nullable()),
  /** `confusion[label][prediction]`: test images. */
  confusion: listOf(listOf(z.int())),
  /** The predicted class of each test image in order, one byte each, in base64. */
  predictions: z.base64(),
});
export type TestRecord = z.infer<typeof testRecord>;

export const runResult = z.object({
  pool: z.string(),
  seed: z.int().nonnegative(),
  epochs: listOf(epochRecord, { least: 1 }),
  test: testRecord,
  /** Values that are trained. */
  parameters: z.int(),
  /** Multiply-adds of one image's forward pass, in convolutions and linear layers. */
  multiplyAdds: z.int(),
});
export type RunResult = z.infer<typeof runResult>;

/** What one epoch took. */
export const epochTiming = z.object({
  /** Training, without the test. */
  seconds: z.number(),
  /** Median over its steps. */
  millisecondsPerStep: z.number(),
  /** The most bytes that tensors held at one moment. */
  peakTensorBytes: z.int(),
});
export type EpochTiming = z.infer<typeof epochTiming>;

export const runTiming = z.object({ epochs: listOf(epochTiming) });
export type RunTiming = z.infer<typeof runTiming>;

/** Predicted classes as a result holds them. */
export function encodePredictions(predictions: Int32Array): string {
  return Buffer.from(Uint8Array.from(predictions)).toString('base64');
}

/** The predicted class of each test image. */
export function decodePredictions(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
