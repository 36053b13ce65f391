/**
 * @file How fast a study goes, and how long it will take.
 */
import type { StepEvent } from 'softgrad/train';
import type { StudySettings } from '../study/study.js';

/** Of the new speed in the moving average of speeds. */
const WEIGHT = 0.1;

/** Measures the training speed and estimates the time left, evaluations included. */
export class Pace {
  /** Steps so far, over all runs. */
  done = 0;
  /** Of training steps lately; NaN before the second. */
  imagesPerSecond = Number.NaN;
  #total = Number.NaN;
  #last = Number.NaN;
  readonly #start = performance.now();
  readonly #epochs: number;

  constructor({ pools, seeds, epochs }: Pick<StudySettings, 'pools' | 'seeds' | 'epochs'>) {
    this.#epochs = pools.length * seeds.length * epochs;
  }

  step({ batches, samples }: Pick<StepEvent, 'batches' | 'samples'>): void {
    const now = performance.now();
    const speed = (samples * 1000) / (now - this.#last);
    const before = this.imagesPerSecond;
    this.imagesPerSecond = Number.isNaN(before) ? speed : before + WEIGHT * (speed - before);
    this.#last = now;
    this.#total = this.#epochs * batches;
    this.done += 1;
  }

  /** After an evaluation, which is no part of the speed. */
  epoch(): void {
    this.#last = performance.now();
  }

  /** How much of the study is done, 0 to 1. */
  get share(): number {
    return this.done === 0 ? 0 : this.done / this.#total;
  }

  /** Seconds until the end, if it goes on as it went; NaN before the first step. */
  get secondsLeft(): number {
    const elapsed = (performance.now() - this.#start) / 1000;
    return (elapsed / this.done) * (this.#total - this.done);
  }
}
