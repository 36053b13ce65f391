/**
 * @file The folder of one run. A run is finished when `result.json` is there; until then `checkpoint.safetensors` is what it
 * goes on from.
 */
import { access, constants, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UsageError } from '../usageError.js';
import { readJson, writeJson } from './jsonFile.js';
import { mismatch, type RunOrigin } from './runOrigin.js';
import { type RunResult, type RunTiming, runResult, runTiming } from './runResult.js';
import { type RunSettings, runSettings } from './settings.js';

export const WEIGHTS_FILE = 'weights.safetensors';
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
export const RESULT_FILE = 'result.json';
export const SETTINGS_FILE = 'settings.json';
export const TIMING_FILE = 'timing.json';

/** What is written before the first step, so that nothing else is continued in its place. */
export const runIdentity = z.object({
  format: z.literal('softgrad-run'),
  version: z.literal(1),
  settings: runSettings,
  /** What computes, such as `wasm simd+fma`: another instruction set rounds otherwise. */
  arithmetic: z.string(),
  /** The version of the program; runs of earlier ones don't say it. */
  softgrad: z.string().optional(),
  /** The SHA-256 of the data, as `dataChecksum()` has it; earlier runs don't say it. */
  data: z.string().optional(),
});
export type RunIdentity = z.infer<typeof runIdentity>;

export class RunFolder {
  constructor(readonly folder: string) {}

  get checkpoint(): string {
    return path.join(this.folder, CHECKPOINT_FILE);
  }

  get weights(): string {
    return path.join(this.folder, WEIGHTS_FILE);
  }

  /** What the run there is of, if there is one. */
  identity(): Promise<RunIdentity | undefined> {
    return readJson(this.#file(SETTINGS_FILE), runIdentity, 'a run');
  }

  /**
   * Makes the folder that of a run with these settings, or finds that it is.
   *
   * @param here by what and on what it is computed from now on
   * @throws UsageError if it can't be used, or holds another run
   */
  async claim(settings: RunSettings, here: RunOrigin): Promise<void> {
    await makeFolder(this.folder);
    const existing = await this.identity();
    if (!existing) {
      const { softgrad, arithmetic, data } = here;
      const identity: RunIdentity = { format: 'softgrad-run', version: 1, settings, arithmetic, softgrad, data };
      await writeJson(this.#file(SETTINGS_FILE), identity);
      return;
    }
    if (!isDeepStrictEqual(existing.settings, settings)) {
      const list = differences(existing.settings, settings).join(', ');
      throw new UsageError(`${this.folder} holds a run with other settings (${list}); choose another --out`);
    }
    const reason = mismatch(existing, here);
    if (reason !== undefined) throw new UsageError(`the run in ${this.folder} was begun ${reason}`);
  }

  result(): Promise<RunResult | undefined> {
    return readJson(this.#file(RESULT_FILE), runResult, 'the result of a run');
  }

  /** Finishes the run: from now on it counts. */
  async finish(result: RunResult): Promise<void> {
    await writeJson(this.#file(RESULT_FILE), result);
    await this.removeCheckpoint();
  }

  /** A finished run needs none. */
  async removeCheckpoint(): Promise<void> {
    for (const file of [this.checkpoint, `${this.checkpoint}.previous`]) await rm(file, { force: true });
  }

  async timing(): Promise<RunTiming> {
    return (await readJson(this.#file(TIMING_FILE), runTiming, 'the times of a run')) ?? { epochs: [] };
  }

  writeTiming(timing: RunTiming): Promise<void> {
    return writeJson(this.#file(TIMING_FILE), timing);
  }

  #file(name: string): string {
    return path.join(this.folder, name);
  }
}

/**
 * Makes a folder with those above it.
 *
 * @throws UsageError if that can't be, or it can't be written to
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--out ${folder} must be a folder that can be written to (${reason})`, { cause });
  }
}

/** The settings that differ, as `lr 0.1 there, 0.2 here`. */
export function differences(there: object, here: object): string[] {
  const [before, now] = [new Map(Object.entries(there)), new Map(Object.entries(here))];
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names
    .filter((name) => !isDeepStrictEqual(before.get(name), now.get(name)))
    .map((name) => `${name} ${shown(before.get(name))} there, ${shown(now.get(name))} here`);
}

/** A setting as an error tells it. */
export function shown(value: unknown): string {
  return value === undefined ? 'not given' : String(value) || 'none';
}
