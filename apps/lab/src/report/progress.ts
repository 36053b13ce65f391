/**
 * @file How far a study is: a bar on a terminal, plain lines elsewhere.
 */
import { SingleBar } from 'cli-progress';
import type { StepEvent } from 'softgrad/train';
import type { EpochRecord, StudySettings } from '../study/study.js';
import type { RunPlan } from '../study/trainRun.js';
import { duration, grouped, percent } from './format.js';
import { Pace } from './pace.js';
import { type ProgressState, progressLine } from './progressLine.js';

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
  const { seeds, epochs } = settings;
  let epoch = 0;
  return {
    step: (_, event) => {
      pace.step(event);
      epoch = event.epoch + 1;
    },
    epoch: ({ pool, seed }, { loss, testAccuracy }) => {
      pace.epoch();
      const parts = [
        pool.padEnd(longestName(settings)),
        `seed ${seeds.indexOf(seed) + 1}/${seeds.length}`,
        `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
        (Number.isNaN(pace.imagesPerSecond) ? '' : `${grouped(pace.imagesPerSecond)} img/s`).padStart(11),
        `loss ${loss.toFixed(3)}`,
        `acc ${percent(testAccuracy).padStart(6)}`,
        `${duration(pace.secondsLeft)} left`,
      ];
      stream.write(`  ${parts.join('  ')}\n`);
    },
    stop: () => {},
  };
}

/** One bar over the whole study, with the run at hand in front and its numbers behind. */
function barProgress(settings: StudySettings, stream: NodeJS.WriteStream): Progress {
  const pace = new Pace(settings);
  let bar: SingleBar | undefined;
  let accuracy = Number.NaN;
  let loss = Number.NaN;
  return {
    step: (plan, event) => {
      pace.step(event);
      if (event.step === 0) accuracy = loss = Number.NaN;
      loss = Number.isNaN(loss) ? event.loss : 0.9 * loss + 0.1 * event.loss;
      const state = stateOf(plan, event, settings);
      const payload = {
        ...state,
        imagesPerSecond: pace.imagesPerSecond,
        secondsLeft: pace.secondsLeft,
        loss,
        accuracy,
      };
      bar ??= startBar(stream, longestName(settings));
      bar.update(pace.share, payload);
    },
    epoch: (_, record) => {
      pace.epoch();
      accuracy = record.testAccuracy;
    },
    stop: () => bar?.stop(),
  };
}

function stateOf(
  { pool, seed }: RunPlan,
  { batch, batches, epoch }: StepEvent,
  { seeds, epochs }: StudySettings,
): Pick<ProgressState, 'pool' | 'seed' | 'seeds' | 'epoch' | 'epochs' | 'testing'> {
  const testing = batch + 1 === batches;
  return { pool, seed: seeds.indexOf(seed) + 1, seeds: seeds.length, epoch: epoch + 1, epochs, testing };
}

function startBar(stream: NodeJS.WriteStream, poolWidth: number): SingleBar {
  const bar = new SingleBar({
    stream,
    format: (_, { value }, state: Partial<ProgressState>) =>
      isComplete(state) ? progressLine(state, value, poolWidth, stream.columns) : '',
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
    fps: 8,
  });
  bar.start(1, 0);
  return bar;
}

/** The bar is drawn once before its first update. */
function isComplete(state: Partial<ProgressState>): state is ProgressState {
  return state.pool !== undefined;
}

function longestName({ pools }: StudySettings): number {
  return Math.max(...pools.map((pool) => pool.length));
}
