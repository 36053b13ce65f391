/**
 * @file A run as it waits in the queue. Whoever reads one checks everything: it comes from another machine.
 */
import { createHash } from 'node:crypto';
import { backends } from 'softgrad';
import { z } from 'zod';
import { VARIANTS } from '../commands/backendOptions.js';
import { runSettings } from '../study/settings.js';
import { version } from '../version.js';

/** The BullMQ queue, and what its keys in Redis begin with. */
export const QUEUE = { name: 'runs', prefix: 'softgrad' } as const;

/** The name of all jobs; BullMQ wants one. */
export const JOB_NAME = 'run';

/** Why a job failed whose run was taken back; it may be put into the queue again. */
export const WITHDRAWN = 'the run was taken back';

/** Far beyond any study of such networks; past them, a worker would only run out of memory. */
const SAMPLES = z.int().positive().max(10_000_000);
const settings = runSettings.strict().extend({
  limit: SAMPLES.optional(),
  testLimit: SAMPLES.optional(),
  epochs: z.int().positive().max(1_000_000),
  batchSize: z.int().positive().max(65_536),
});

const runJob = z.strictObject({
  format: z.literal('softgrad-run-job'),
  version: z.literal(1),
  /** The version of the program: another one may compute otherwise. */
  softgrad: z.literal(version),
  settings,
  /** As `arithmetic()` has it. */
  arithmetic: z.string().min(1).max(200),
  /** As `dataChecksum()` has it. */
  data: z.string().regex(/^[0-9a-f]{64}$/),
  /** What gives this arithmetic; threads are the worker's own affair. */
  backend: z.strictObject({ backend: z.enum(backends()).optional(), variant: z.enum(VARIANTS).optional() }),
});
export type RunJob = z.infer<typeof runJob>;

/** The part that every version has, so that a job of another one is known as such. */
const envelope = z.object({ format: z.literal('softgrad-run-job'), softgrad: z.string() });

/** A job of another version of softgrad: not this worker's, but perhaps another's. */
export class OtherVersionError extends Error {
  override readonly name = 'OtherVersionError';
}

/** A job that no worker can do. */
export class InvalidJobError extends Error {
  override readonly name = 'InvalidJobError';
}

export function newRunJob(parts: Pick<RunJob, 'settings' | 'arithmetic' | 'data' | 'backend'>): RunJob {
  return runJob.parse({ format: 'softgrad-run-job', version: 1, softgrad: version, ...parts });
}

/**
 * What a job asks for.
 *
 * @throws OtherVersionError if another version of softgrad made it
 * @throws InvalidJobError that names the member at fault if it is no run, or has another's id
 */
export function parseRunJob(id: string, data: unknown): RunJob {
  const { success, data: outside } = envelope.safeParse(data);
  if (success && outside.softgrad !== version) {
    throw new OtherVersionError(
      `the worker has softgrad ${version}, the study ${JSON.stringify(outside.softgrad.slice(0, 40))}; use the same`,
    );
  }
  const parsed = runJob.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') || 'the whole';
    throw new InvalidJobError(`the queue holds a job that is no run of softgrad: ${place}: ${issue?.message}`);
  }
  if (runJobId(parsed.data) !== id) throw new InvalidJobError("the queue holds a job whose id isn't that of its run");
  return parsed.data;
}

/** The identity of a run: the same for the same numbers, so that no run is in the queue twice. */
export function runJobId({ softgrad, settings, arithmetic, data }: RunJob): string {
  // A parsed object has its members in the schema's order, whoever wrote it.
  const digest = createHash('sha256').update(JSON.stringify({ softgrad, settings, arithmetic, data })).digest('hex');
  return `${settings.pool}-seed${settings.seed}-${digest.slice(0, 32)}`;
}
