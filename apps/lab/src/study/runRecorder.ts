/**
 * @file Measures a run while it trains. The times are kept epoch by epoch in the run's folder, so that a run in pieces has all.
 */
import { peakMemory, resetPeakMemory } from 'softgrad';
import type { EpochEvent, FitCallbacks, ResumeEvent, StepEvent } from 'softgrad/train';
import type { RunFolder } from './runFolder.js';
import type { EpochRecord, EpochTiming } from './runResult.js';
import { median } from './statistics.js';

export interface RunHooks {
  /** Where a run that was begun earlier goes on; finished runs have no steps. */
  readonly onResume?: ((event: ResumeEvent) => void) | undefined;
  /** @param steps made since the last call; 1, unless the news come in batches, with the last step of each */
  readonly onStep?: ((event: StepEvent, steps?: number) => void) | undefined;
  readonly onEpoch?: ((record: EpochRecord) => void) | undefined;
  /** A checkpoint lies in the folder, after so many steps. */
  readonly onSave?: ((steps: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** So many steps after a start are slower: code is compiled, memory grows. They count only where an epoch has no others. */
const WARM_UP = 3;

export class RunRecorder implements FitCallbacks {
  /** Milliseconds of each step of the epoch at hand, evaluations left out. */
  #stepTimes: number[] = [];
  /** The same of those at the start. */
  #warmUpTimes: number[] = [];
  #steps = 0;
  #last = performance.now();
  readonly #folder: RunFolder;
  readonly #hooks: RunHooks;

  constructor(folder: RunFolder, hooks: RunHooks) {
    this.#folder = folder;
    this.#hooks = hooks;
    resetPeakMemory();
  }

  onResume(event: ResumeEvent): void {
    this.#hooks.onResume?.(event);
    this.#last = performance.now();
  }

  onStep(event: StepEvent): void {
    const now = performance.now();
    const times = this.#steps++ < WARM_UP ? this.#warmUpTimes : this.#stepTimes;
    times.push(now - this.#last);
    this.#hooks.onStep?.(event);
    this.#last = performance.now();
  }

  async onEpoch(event: EpochEvent): Promise<void> {
    const record = recordOf(event);
    await this.#keepTiming(event);
    this.#hooks.onEpoch?.(record);
    this.#last = performance.now();
  }

  async #keepTiming({ epoch, seconds }: EpochEvent): Promise<void> {
    const { epochs } = await this.#folder.timing();
    const times = this.#stepTimes.length > 0 ? this.#stepTimes : this.#warmUpTimes;
    const timing: EpochTiming = {
      seconds,
      // An epoch that was resumed after its last step has none here.
      millisecondsPerStep: times.length > 0 ? median(times) : 0,
      peakTensorBytes: peakMemory(),
    };
    [this.#stepTimes, this.#warmUpTimes] = [[], []];
    await this.#folder.writeTiming({ epochs: [...epochs.slice(0, epoch), timing] });
  }
}

/**
 * The part of an epoch that a result keeps.
 *
 * @throws Error that names the epoch if the test loss isn't finite
 */
export function recordOf({ epoch, loss, accuracy, lr, validation }: EpochEvent): EpochRecord {
  if (!validation || !Number.isFinite(validation.loss)) {
    throw new Error(`the test loss is ${validation?.loss} after epoch ${epoch + 1}; try a lower learning rate`);
  }
  return { loss, accuracy, testLoss: validation.loss, testAccuracy: validation.accuracy, lr };
}
