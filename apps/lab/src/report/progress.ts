/**
 * @file How far a study is: a bar on a terminal, plain lines elsewhere.
 */
import { SingleBar } from 'cli-progress';
import type { ResumeEvent, StepEvent } from 'softgrad/train';
import type { RunPlan } from '../study/runPlan.js';
import type { EpochRecord } from '../study/runResult.js';
import type { StudySettings } from '../study/settings.js';
import { duration, grouped, percent } from './format.js';
import { Pace } from './pace.js';
import { type ProgressState, progressLine } from './progressLine.js';

/** The part of the settings that progress is measured by. */
export type ProgressSettings = Pick<StudySettings, 'pools' | 'seeds' | 'epochs'>;

export interface Progress {
  /** A run goes on that was begun earlier. */
  resume(plan: RunPlan, event: ResumeEvent): void;
  /** A run was finished earlier. */
  skip(plan: RunPlan): void;
  /** @param steps made since the last call, 1 by default */
  step(plan: RunPlan, event: StepEvent, steps?: number): void;
  epoch(plan: RunPlan, record: EpochRecord): void;
  /** What a person should know now, in a line of its own. */
  note(line: string): void;
  /** Clears what is only of interest while the study runs. */
  stop(): void;
}

/** Nothing is shown but what a person must know. */
export const silent: Progress = {
  ...{ resume: () => {}, skip: () => {}, step: () => {}, epoch: () => {}, stop: () => {} },
  note: (line) => void process.stderr.write(`${line}\n`),
};

/** Progress on `stream`, as fits it. */
export function studyProgress(settings: ProgressSettings, stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(settings, stream) : lineProgress(settings, stream);
}

/** A line per finished epoch, for logs. */
function lineProgress(settings: ProgressSettings, stream: NodeJS.WritableStream): Progress {
  const pace = new Pace(settings);
  const { seeds, epochs } = settings;
  /** Epochs finished, by run: several may be under way. */
  const finished = new Map<string, number>();
  return {
    resume: (plan, { steps, epoch }) => {
      pace.resume(steps);
      finished.set(nameOf(plan), epoch);
    },
    skip: () => pace.skip(epochs),
    step: (_, event, steps) => pace.step(event, steps),
    epoch: (plan, { loss, testAccuracy }) => {
      pace.epoch();
      const { pool, seed } = plan;
      const epoch = (finished.get(nameOf(plan)) ?? 0) + 1;
      finished.set(nameOf(plan), epoch);
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
    note: (line) => void stream.write(`  ${line}\n`),
    stop: () => {},
  };
}

/** One bar over the whole study, with the run that made the last step in front and its numbers behind. */
function barProgress(settings: ProgressSettings, stream: NodeJS.WriteStream): Progress {
  const pace = new Pace(settings);
  /** By run, since several may be under way. */
  const losses = new Map<string, number>();
  const accuracies = new Map<string, number>();
  let bar: SingleBar | undefined;
  return {
    resume: (_, { steps }) => pace.resume(steps),
    skip: () => pace.skip(settings.epochs),
    step: (plan, event, steps) => {
      pace.step(event, steps);
      const { imagesPerSecond, secondsLeft } = pace;
      const name = nameOf(plan);
      const before = losses.get(name) ?? event.loss;
      const loss = 0.9 * before + 0.1 * event.loss;
      losses.set(name, loss);
      const accuracy = accuracies.get(name) ?? Number.NaN;
      bar ??= startBar(stream, longestName(settings));
      bar.update(pace.share, { ...stateOf(plan, event, settings), imagesPerSecond, secondsLeft, loss, accuracy });
    },
    epoch: (plan, record) => {
      pace.epoch();
      accuracies.set(nameOf(plan), record.testAccuracy);
    },
    // The bar is drawn again below it.
    note: (line) => void stream.write(`\r\u001b[K  ${line}\n`),
    stop: () => bar?.stop(),
  };
}

function nameOf({ pool, seed }: RunPlan): string {
  return `${pool} ${seed}`;
}

function stateOf(
  { pool, seed }: RunPlan,
  { batch, batches, epoch }: StepEvent,
  { seeds, epochs }: ProgressSettings,
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

function longestName({ pools }: ProgressSettings): number {
  return Math.max(...pools.map((pool) => pool.length));
}
