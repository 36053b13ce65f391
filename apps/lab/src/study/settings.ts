/**
 * @file Everything that decides numbers, the machine aside: of one run, and of a study.
 */
import * as nn from 'softgrad/nn';
import { z } from 'zod';
import { listOf } from './listOf.js';

export const DATA_NAMES = ['shapes', 'waveforms', 'clips', 'cifar10', 'cifar100', 'mnist'] as const;
export const MODEL_NAMES = nn.models.modelNames();
export const OPTIMIZER_NAMES = ['sgd', 'adam', 'adamw'] as const;
export const SCHEDULE_NAMES = ['constant', 'cosine', 'oneCycle'] as const;
export const AUGMENT_NAMES = ['crop', 'flip', 'cutout', 'gain', 'noise'] as const;

export type DataName = (typeof DATA_NAMES)[number];
export type ModelName = nn.models.ModelName;
export type AugmentName = (typeof AUGMENT_NAMES)[number];

/** What a network is trained on, and how: the same for all runs of a study. */
export const recipe = z.object({
  data: z.enum(DATA_NAMES),
  /** Training and test images; absent: all there are. */
  limit: z.int().positive().optional(),
  testLimit: z.int().positive().optional(),
  model: z.enum(MODEL_NAMES),
  epochs: z.int().positive(),
  batchSize: z.int().positive(),
  optimizer: z.enum(OPTIMIZER_NAMES),
  lr: z.number().nonnegative(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(SCHEDULE_NAMES),
  labelSmoothing: z.number().min(0).max(1),
  augment: listOf(z.enum(AUGMENT_NAMES), { repeats: false }),
});
export type Recipe = z.infer<typeof recipe>;

/** A pooling that there is: its name becomes that of a folder, so a file must not be able to choose it freely. */
const pool = z.string().refine((name) => nn.poolNames().includes(name), { error: 'no such pooling' });

/** One network with one pooling, trained from one seed. */
export const runSettings = recipe.extend({ pool, seed: z.int().nonnegative() });
export type RunSettings = z.infer<typeof runSettings>;

/** More would take years, and a file that names a million would be a million folders. */
const MOST_SEEDS = 10_000;

/** One run for every pooling and seed. */
export const studySettings = recipe.extend({
  pools: listOf(pool, { least: 1, repeats: false }),
  baseline: pool,
  seeds: listOf(z.int().nonnegative(), { least: 1, most: MOST_SEEDS, repeats: false }),
});
export type StudySettings = z.infer<typeof studySettings>;
