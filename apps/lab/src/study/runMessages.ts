/**
 * @file What a study and the processes that train its runs say to each other.
 */
import type { ResumeEvent, StepEvent } from 'softgrad/train';
import type { BackendOptions } from '../commands/backendOptions.js';
import type { EpochRecord, RunResult } from './runResult.js';
import type { RunSettings } from './settings.js';

/** To the process: a run, or that the one under way shall be saved and ended. */
export type RunRequest =
  | {
      readonly kind: 'run';
      readonly settings: RunSettings;
      readonly folder: string;
      readonly dataDir: string | undefined;
      readonly backend: BackendOptions;
      /** What a run of another machine's study must be computed with and on; anything else is refused. */
      readonly expected?: Expectation | undefined;
    }
  | { readonly kind: 'stop' };

/** What decides a run's numbers besides its settings and the version of softgrad. */
export interface Expectation {
  /** As `arithmetic()` has it. */
  readonly arithmetic: string;
  /** As `dataChecksum()` has it. */
  readonly data: string;
}

/** From the process. The last of a run is `end`, without a result if it was stopped, `refusal` or `failure`. */
export type RunReport =
  | { readonly kind: 'resume'; readonly event: ResumeEvent }
  | { readonly kind: 'step'; readonly event: StepEvent }
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  | { readonly kind: 'save'; readonly steps: number }
  | { readonly kind: 'refusal'; readonly message: string }
  | { readonly kind: 'end'; readonly result: RunResult | undefined }
  | { readonly kind: 'failure'; readonly message: string };
