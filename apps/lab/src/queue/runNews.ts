/**
 * @file What a worker tells of a run under way, as the progress of its job.
 */
import type { StepEvent } from 'softgrad/train';
import { z } from 'zod';
import type { RunHooks } from '../study/runRecorder.js';
import { type EpochRecord, epochRecord } from '../study/runResult.js';

const stepEvent = z.object({
  ...{ step: z.int(), epoch: z.int(), batch: z.int(), batches: z.int(), samples: z.int() },
  ...{ loss: z.number(), accuracy: z.number(), lr: z.number() },
});

/** A worker that can't take the run, or how far it is. */
export const runNews = z.union([
  z.object({ refusal: z.string() }),
  z.object({
    /** The last one made. */
    last: stepEvent,
    /** Those that ended since the news before. */
    epochs: z.array(z.object({ epoch: z.int(), record: epochRecord })),
  }),
]);
export type RunNews = z.infer<typeof runNews>;

/** Tells a run's hooks what the news say that wasn't told before: a run that is taken up again repeats steps. */
export class NewsReader {
  #steps: number;
  #epochs: number;
  #isKnown: boolean;
  readonly #hooks: RunHooks;

  /** @param isNew whether the run begins now; otherwise the first news tell how far it is */
  constructor(hooks: RunHooks, isNew: boolean) {
    this.#hooks = hooks;
    this.#isKnown = isNew;
    this.#steps = 0;
    this.#epochs = 0;
  }

  read({ last, epochs }: Extract<RunNews, { last: StepEvent }>): void {
    if (!this.#isKnown) this.#begin(last, epochs);
    const steps = last.step + 1 - this.#steps;
    if (steps > 0) {
      this.#steps += steps;
      this.#hooks.onStep?.(last, steps);
    }
    for (const { epoch, record } of epochs) {
      if (epoch < this.#epochs) continue;
      this.#epochs = epoch + 1;
      this.#hooks.onEpoch?.(record);
    }
  }

  #begin({ step, epoch, batch }: StepEvent, epochs: readonly { readonly epoch: number }[]): void {
    this.#isKnown = true;
    this.#steps = step;
    this.#epochs = epochs[0]?.epoch ?? epoch;
    if (step > 0) this.#hooks.onResume?.({ steps: step, epoch: this.#epochs, batch, epochs: [] });
  }
}

/** Collects what a run tells until it is sent. */
export class NewsWriter {
  #last: StepEvent | undefined;
  #epochs: { epoch: number; record: EpochRecord }[] = [];

  step(event: StepEvent): void {
    this.#last = event;
  }

  epoch(record: EpochRecord): void {
    if (this.#last) this.#epochs.push({ epoch: this.#last.epoch, record });
  }

  /** What happened since the last call, if anything. */
  take(): RunNews | undefined {
    const [last, epochs] = [this.#last, this.#epochs];
    if (!last) return undefined;
    this.#last = undefined;
    this.#epochs = [];
    return { last, epochs };
  }
}
