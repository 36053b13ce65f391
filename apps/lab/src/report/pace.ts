/**
 * @file How fast a study goes, and how long it will take.
 */
import type { StepEvent } from 'softgrad/train';
import type { StudySettings } from '../study/settings.js';

/** Of the new value in the moving averages of times and of images. */
const WEIGHT = 0.1;

/** Measures the training speed and estimates the time left, evaluations included. */
export class Pace {
  /** Steps made here, over all runs. */
  #made = 0;
  /** Steps made before, in runs that were resumed. */
  #skippedSteps = 0;
  /** Epochs of runs that were finished before. */
  #skippedEpochs = 0;
  #batches = Number.NaN;
  #last = Number.NaN;
  /** Between two steps, and images of a step, on average lately; apart, because steps of several runs come in bursts. */
  #milliseconds = Number.NaN;
  #images = Number.NaN;
  readonly #start = performance.now();
  readonly #epochs: number;

  constructor({ pools, seeds, epochs }: Pick<StudySettings, 'pools' | 'seeds' | 'epochs'>) {
    this.#epochs = pools.length * seeds.length * epochs;
  }

  /** A run goes on after so many steps. */
  resume(steps: number): void {
    this.#skippedSteps += steps;
    this.#last = performance.now();
  }

  /** A run of so many epochs was finished before. */
  skip(epochs: number): void {
    this.#skippedEpochs += epochs;
  }

  /** @param steps made since the last call, 1 by default */
  step({ batches, samples }: Pick<StepEvent, 'batches' | 'samples'>, steps = 1): void {
    const now = performance.now();
    if (!Number.isNaN(this.#last)) {
      this.#milliseconds = averaged(this.#milliseconds, (now - this.#last) / steps);
      this.#images = averaged(this.#images, samples);
    }
    this.#last = now;
    this.#batches = batches;
    this.#made += steps;
  }

  /** After an evaluation, which is no part of the speed. */
  epoch(): void {
    this.#last = performance.now();
  }

  /** Of training steps lately; NaN before the second. */
  get imagesPerSecond(): number {
    return (1000 * this.#images) / this.#milliseconds;
  }

  /** How much of the study is done, 0 to 1. */
  get share(): number {
    if (this.#made === 0) return 0;
    const done = this.#made + this.#skippedSteps + this.#skippedEpochs * this.#batches;
    return done / (this.#epochs * this.#batches);
  }

  /** Seconds until the end, if it goes on as it went; NaN before the first step. */
  get secondsLeft(): number {
    const elapsed = (performance.now() - this.#start) / 1000;
    const left = (this.#epochs - this.#skippedEpochs) * this.#batches - this.#skippedSteps - this.#made;
    return (elapsed / this.#made) * left;
  }
}

function averaged(before: number, value: number): number {
  return Number.isNaN(before) ? value : before + WEIGHT * (value - before);
}
