/**
 * @file What a study is: its settings, the runs it is made of, and the file that holds both.
 */
import { z } from 'zod';

export const DATA_NAMES = ['shapes', 'cifar10', 'cifar100', 'mnist'] as const;
export const MODEL_NAMES = ['smallCnn', 'resnet8', 'resnet20', 'resnet32'] as const;
export const OPTIMIZER_NAMES = ['sgd', 'adam', 'adamw'] as const;
export const SCHEDULE_NAMES = ['constant', 'cosine', 'oneCycle'] as const;
export const AUGMENT_NAMES = ['crop', 'flip', 'cutout'] as const;

/** Everything that decides a study's numbers, the machine aside. */
export const studySettings = z.object({
  data: z.enum(DATA_NAMES),
  /** Training and test images; absent: all there are. */
  limit: z.int().positive().optional(),
  testLimit: z.int().positive().optional(),
  model: z.enum(MODEL_NAMES),
  pools: z.array(z.string()).min(1),
  baseline: z.string(),
  seeds: z.array(z.int().nonnegative()).min(1),
  epochs: z.int().positive(),
  batchSize: z.int().positive(),
  optimizer: z.enum(OPTIMIZER_NAMES),
  lr: z.number().nonnegative(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(SCHEDULE_NAMES),
  labelSmoothing: z.number().min(0).max(1),
  augment: z.array(z.enum(AUGMENT_NAMES)),
});
export type StudySettings = z.infer<typeof studySettings>;

/** One epoch: training metrics are means over its steps, test metrics were taken after it. */
const epochRecord = z.object({
  loss: z.number(),
  accuracy: z.number(),
  testLoss: z.number(),
  testAccuracy: z.number(),
  lr: z.number(),
  seconds: z.number(),
});
export type EpochRecord = z.infer<typeof epochRecord>;

/** One network, trained with one pooling from one seed. */
const runResult = z.object({
  pool: z.string(),
  seed: z.int(),
  epochs: z.array(epochRecord).min(1),
  /** Values that are trained. */
  parameters: z.int(),
  /** Multiply-adds of one image's forward pass, in convolutions and linear layers. */
  multiplyAdds: z.int(),
  /** Median time of a training step. */
  millisecondsPerStep: z.number(),
  /** The most bytes that tensors held at one moment. */
  peakTensorBytes: z.int(),
});
export type RunResult = z.infer<typeof runResult>;

/** What the study ran on; it decides times, not results. */
const environment = z.object({
  softgrad: z.string(),
  node: z.string(),
  backend: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
});
export type Environment = z.infer<typeof environment>;

export const study = z.object({
  format: z.literal('softgrad-study'),
  version: z.literal(1),
  settings: studySettings,
  trainImages: z.int(),
  testImages: z.int(),
  environment,
  runs: z.array(runResult),
  /** False if it was interrupted: some runs are missing. */
  complete: z.boolean(),
});
export type Study = z.infer<typeof study>;

/** The final test accuracies of a pooling, in the order of the settings' seeds; missing where a run is. */
export function accuraciesOf(
  { runs, settings }: Pick<Study, 'runs' | 'settings'>,
  pool: string,
): (number | undefined)[] {
  return settings.seeds.map(
    (seed) => runs.find((run) => run.pool === pool && run.seed === seed)?.epochs.at(-1)?.testAccuracy,
  );
}
