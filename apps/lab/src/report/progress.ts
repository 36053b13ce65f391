/**
 * @file How far a study is: a bar on a terminal, plain lines elsewhere.
 */
import { SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { StepEvent } from 'softgrad/train';
import type { EpochRecord, StudySettings } from '../study/study.js';
import type { RunPlan } from '../study/trainRun.js';
import { duration, grouped, percent } from './format.js';

export interface Progress {
  step(plan: RunPlan, event: StepEvent): void;
  epoch(plan: RunPlan, record: EpochRecord): void;
  /** Clears what is only of interest while the study runs. */
  stop(): void;
}

/** Nothing is shown. */
export const silent: Progress = { step: () => {}, epoch: () => {}, stop: () => {} };

/** Progress on `stream`, as fits it. */
export function studyProgress(settings: StudySettings, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(settings, stream) : lineProgress(settings, stream);
}

/** A line per finished epoch, for logs. */
function lineProgress(settings: StudySettings, stream: NodeJS.WritableStream): Progress {
  const pace = new Pace(settings);
  return {
    step: (_, event) => pace.step(event),
    epoch: (plan, record) => {
      const place = `seed ${placeOf(plan.seed, settings)}  epoch ${pace.epoch + 1}/${settings.epochs}`;
      const numbers = `loss ${record.loss.toFixed(3)}  test ${percent(record.testAccuracy)}`;
      stream.write(
        `${plan.pool}  ${place}  ${grouped(pace.imagesPerSecond)} img/s  ${numbers}  ${duration(pace.left)} left\n`,
      );
    },
    stop: () => {},
  };
}

/** One bar over the whole study, with the run at hand in front and its numbers behind. */
function barProgress(settings: StudySettings, stream: NodeJS.WriteStream): Progress {
  const pace = new Pace(settings);
  const width = Math.max(...settings.pools.map((pool) => pool.length));
  let bar: SingleBar | undefined;
  let accuracy = Number.NaN;
  let loss = Number.NaN;
  return {
    step: (plan, event) => {
      pace.step(event);
      loss = Number.isNaN(loss) || event.batch === 0 ? event.loss : 0.9 * loss + 0.1 * event.loss;
      if (event.step === 0) accuracy = Number.NaN;
      const text = {
        run: `${pc.bold(plan.pool.padEnd(width))}  seed ${placeOf(plan.seed, settings)}`,
        epoch: `epoch ${event.epoch + 1}/${settings.epochs}`,
        speed: `${grouped(pace.imagesPerSecond).padStart(6)} img/s`,
        loss: `loss ${loss.toFixed(3)}`,
        accuracy: Number.isNaN(accuracy) ? '' : `acc ${percent(accuracy)}  `,
        left: `${duration(pace.left)} left`,
      };
      if (!bar) {
        bar = newBar(stream);
        bar.start(pace.steps(event.batches), 0, text);
      }
      bar.update(pace.done, text);
    },
    epoch: (_, record) => {
      accuracy = record.testAccuracy;
    },
    stop: () => bar?.stop(),
  };
}

function newBar(stream: NodeJS.WriteStream): SingleBar {
  return new SingleBar({
    stream,
    format: '  {run}  {bar}  {epoch}  {speed}  {loss}  {accuracy}{left}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: stream.columns >= 110 ? 18 : 6,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
    fps: 8,
  });
}

/** The place of a seed in the study: `2/3`. */
function placeOf(seed: number, { seeds }: StudySettings): string {
  return `${seeds.indexOf(seed) + 1}/${seeds.length}`;
}

/** Measures the speed and guesses the time left, evaluations included. */
class Pace {
  done = 0;
  epoch = 0;
  imagesPerSecond = 0;
  #total = 0;
  #last = performance.now();
  readonly #start = performance.now();
  readonly #settings: StudySettings;

  constructor(settings: StudySettings) {
    this.#settings = settings;
  }

  step({ batch, batches, samples, epoch }: StepEvent): void {
    const now = performance.now();
    const speed = (samples * 1000) / (now - this.#last);
    // The first step of an epoch has the evaluation before it.
    if (batch > 0) this.imagesPerSecond = this.imagesPerSecond === 0 ? speed : 0.9 * this.imagesPerSecond + 0.1 * speed;
    this.#last = now;
    this.#total = this.steps(batches);
    this.epoch = epoch;
    this.done += 1;
  }

  /** Steps of the whole study. */
  steps(batches: number): number {
    const { pools, seeds, epochs } = this.#settings;
    return pools.length * seeds.length * epochs * batches;
  }

  /** Seconds until the end, if it goes on like this. */
  get left(): number {
    const elapsed = (performance.now() - this.#start) / 1000;
    return (elapsed / this.done) * (this.#total - this.done);
  }
}
