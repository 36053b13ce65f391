/**
 * @file What `softgrad downsample --json` prints: how each pooling reduced a picture, and what that cost.
 */
import { z } from 'zod';
import { PICTURE_FORMATS } from '../images/picture.js';
import { similaritySchema } from './similarity.js';

const size = z.object({ frames: z.int(), width: z.int(), height: z.int() });

export const downsamplingSchema = z.object({
  format: z.literal('softgrad-downsampling'),
  version: z.literal(1),
  file: z.string(),
  fileFormat: z.enum(PICTURE_FORMATS),
  channels: z.union([z.literal(1), z.literal(3)]),
  original: size,
  reduced: size,
  /** The part of the original that the reductions stand for. */
  covered: size.extend({ firstFrame: z.int(), left: z.int(), top: z.int() }),
  settings: z.object({
    pools: z.array(z.string()),
    kernel: z.int(),
    stride: z.int(),
    levels: z.int(),
    temporal: z.boolean(),
    /** What white counts as, black being 0. */
    white: z.number(),
    seed: z.int(),
  }),
  /** The Lanczos reduction, enlarged, against the original. */
  lanczos: similaritySchema,
  poolings: z.array(
    z.object({
      pool: z.string(),
      summary: z.string(),
      /** How many numbers the strategy would learn; they are as initialised. */
      untrainedParameters: z.int(),
      /** Share of values that lay outside black … white and were clipped. */
      clipped: z.number(),
      /** The reduction, enlarged, against the original. */
      toOriginal: similaritySchema,
      /** The reduction against the Lanczos reduction. */
      toLanczos: similaritySchema,
      /** The reduction against the picture that `--against` names. */
      toGiven: similaritySchema.extend({ largestDifference: z.int() }).optional(),
    }),
  ),
  given: z.object({ file: z.string(), jpegQuality: z.int().optional() }).optional(),
  notes: z.array(z.string()),
  /** The file that shows all of them. */
  sheet: z.string(),
});

export type Downsampling = z.infer<typeof downsamplingSchema>;
export type PoolingResult = Downsampling['poolings'][number];
