/**
 * @file What a file of weights says of itself, so that they can be used without the settings being told again.
 */
import { readFile } from 'node:fs/promises';
import type { Dataset, Normalization } from 'softgrad/data';
import { parseSafetensors } from 'softgrad/io';
import { z } from 'zod';
import { UsageError } from '../usageError.js';
import { type RunSettings, runSettings } from './settings.js';

const dataDescription = z.object({
  classes: z.array(z.string()).min(1),
  /** Of one sample, `[C, ...spatial]`. */
  shape: z.array(z.int().positive()).min(2),
  normalization: z.object({ mean: z.array(z.number()), std: z.array(z.number()) }).optional(),
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
 * @throws UsageError if there is no such file, or what it says can't be understood
 * @throws FormatError if it is no safetensors file
 */
export async function readWeightsMetadata(file: string): Promise<WeightsDescription | undefined> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} can't be read (${reason})`, { cause });
  });
  const { 'softgrad.run': run, 'softgrad.data': data } = parseSafetensors(bytes, file).metadata;
  if (run === undefined || data === undefined) return undefined;
  try {
    return { settings: runSettings.parse(JSON.parse(run)), data: dataDescription.parse(JSON.parse(data)) };
  } catch (cause) {
    throw new UsageError(`${file} was written by another version of softgrad; give --model and --pool`, { cause });
  }
}
