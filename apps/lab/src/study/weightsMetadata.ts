/**
 * @file What a file of weights says of itself, so that they can be used without the settings being told again.
 */
import { readFile } from 'node:fs/promises';
import type { Dataset, Normalization } from 'softgrad/data';
import { FormatError, parseSafetensors } from 'softgrad/io';
import { z } from 'zod';
import { UsageError } from '../usageError.js';
import { listOf } from './listOf.js';
import { type RunSettings, runSettings } from './settings.js';

/** What may be asked for, by a file or at the command line: a network of that size is built before its weights are looked at. */
export const MOST_CLASSES = 100_000;
const MOST_CHANNELS = 1024;
const MOST_VALUES = 2 ** 24;

/** Of one sample, `[C, ...spatial]`. */
export const sampleShape = listOf(z.int().positive(), { least: 2, most: 4 }).refine(
  ([channels = 0, ...spatial]) =>
    channels <= MOST_CHANNELS && channels * spatial.reduce((a, b) => a * b, 1) <= MOST_VALUES,
  { error: `expected at most ${MOST_CHANNELS} channels, and ${MOST_VALUES} values in all` },
);

const dataDescription = z.object({
  classes: listOf(z.string(), { least: 1, most: MOST_CLASSES }),
  /** Of one sample, `[C, ...spatial]`. */
  shape: sampleShape,
  normalization: z.object({ mean: listOf(z.number()), std: listOf(z.number().positive()) }).optional(),
});
export type DataDescription = z.infer<typeof dataDescription>;

export interface WeightsDescription {
  readonly settings: RunSettings;
  readonly data: DataDescription;
}

/** What a data set says of itself. */
type Described = Pick<Dataset, 'classes' | 'shape'> & { readonly normalization?: Normalization | undefined };

/** The metadata of a run's checkpoints and final weights. */
export function weightsMetadata(
  settings: RunSettings,
  { classes, shape, normalization }: Described,
): Readonly<Record<string, string>> {
  const data = { classes, shape, normalization };
  return { 'softgrad.run': JSON.stringify(settings), 'softgrad.data': JSON.stringify(data) };
}

/**
 * What the file says of itself; nothing, if it is of another program.
 *
 * @throws UsageError if there is no such file, it is no safetensors file, or what it says can't be understood
 */
export async function readWeightsMetadata(file: string): Promise<WeightsDescription | undefined> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} can't be read (${reason})`, { cause });
  });
  const { 'softgrad.run': run, 'softgrad.data': data } = metadataOf(bytes, file);
  if (run === undefined || data === undefined) return undefined;
  try {
    return { settings: runSettings.parse(JSON.parse(run)), data: dataDescription.parse(JSON.parse(data)) };
  } catch (cause) {
    throw new UsageError(
      `${file} says of itself what this version of softgrad doesn't understand; use the version that wrote it`,
      { cause },
    );
  }
}

function metadataOf(bytes: Uint8Array, file: string): Readonly<Record<string, string>> {
  try {
    return parseSafetensors(bytes, file).metadata;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    const reason = cause.message.replace(`${file}, `, '');
    const advice = 'give such a file, the folder of a run, or a name that softgrad models lists';
    throw new UsageError(`${file} is no safetensors file (${reason}), or a damaged one; ${advice}`, { cause });
  }
}
