/**
 * @file When a training is saved, and that it is taken up again.
 */
import { nodeFiles } from '../data/files.js';
import { ArgumentError } from '../errors.js';
import { findNonFiniteParameter } from './findNonFinite.js';
import { NonFiniteError } from './nonFiniteError.js';
import { loadTraining, previousCheckpoint, saveTraining, type Training } from './trainingCheckpoint.js';
import { TrainingProgress } from './trainingProgress.js';

export interface CheckpointOptions {
  /** The file; the checkpoint before it is kept as `<path>.previous`. Its folder must exist. */
  readonly path: string;
  /**
   * Goes on from the file if there is one, to the same bits as without an interruption. Default false: a file that is there is
   * an error, since it would be replaced.
   */
  readonly resume?: boolean | undefined;
  /** Updates between two saves within an epoch. Default: time alone decides. */
  readonly everySteps?: number | undefined;
  /** Seconds between two saves within an epoch. Default 60. Each epoch's end is saved anyway. */
  readonly everySeconds?: number | undefined;
  /** Strings that are stored in the file. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Called after each save with the number of updates made so far; the whole file is in place then. */
  readonly onSave?: ((steps: number) => void) | undefined;
}

export class Checkpoints {
  /** Steps made when it was last saved or loaded. */
  savedSteps: number | undefined;
  #savedAt = performance.now();
  readonly #options: CheckpointOptions;
  readonly #training: Training;

  /** @throws ArgumentError if an option is out of range */
  constructor(options: CheckpointOptions, training: Training) {
    const { everySteps = 1, everySeconds = 0 } = options;
    if (!Number.isInteger(everySteps) || everySteps < 1 || !(everySeconds >= 0)) {
      throw new ArgumentError(
        `fit: checkpoint needs everySteps of at least 1 and everySeconds of at least 0, got ${everySteps}, ${everySeconds}`,
      );
    }
    this.#options = options;
    this.#training = training;
  }

  get path(): string {
    return this.#options.path;
  }

  /** The progress in the file, with everything else restored; nothing if there is no file. */
  async resume(): Promise<TrainingProgress | undefined> {
    const { path, resume = false } = this.#options;
    if (!(await exists(path))) return requireNoPrevious(path);
    if (!resume) {
      throw new ArgumentError(
        `fit: there is a checkpoint at ${path}; go on from it with resume: true, remove it, or choose another path`,
      );
    }
    await removeLeftovers(path);
    const progress = new TrainingProgress(await loadTraining(path, this.#training));
    this.savedSteps = progress.steps;
    this.#savedAt = performance.now();
    return progress;
  }

  /** Saves if enough steps or seconds have passed. */
  async saveIfDue(progress: TrainingProgress): Promise<void> {
    const { everySteps = Number.POSITIVE_INFINITY, everySeconds = 60 } = this.#options;
    const seconds = (performance.now() - this.#savedAt) / 1000;
    if (progress.steps - (this.savedSteps ?? 0) >= everySteps || seconds >= everySeconds) await this.save(progress);
  }

  /** @throws NonFiniteError if a weight isn't finite: from such a checkpoint nothing goes on */
  async save(progress: TrainingProgress): Promise<void> {
    const spoilt = await findNonFiniteParameter(this.#training.model);
    if (spoilt) throw afterUpdate(progress, spoilt);
    await saveTraining(this.path, this.#training, progress.state, this.#options.metadata);
    this.savedSteps = progress.steps;
    this.#savedAt = performance.now();
    this.#options.onSave?.(progress.steps);
  }
}

/** The last update, which `steps` counts and which may have ended its epoch, made a weight so. */
function afterUpdate(
  { steps, batch, epoch }: TrainingProgress,
  { where, value }: { readonly where: string; readonly value: number },
): NonFiniteError {
  return new NonFiniteError('update', value, steps - 1, batch === 0 ? epoch - 1 : epoch, where);
}

/** A training that began anew would replace it by and by. */
async function requireNoPrevious(path: string): Promise<undefined> {
  const previous = previousCheckpoint(path);
  if (!(await exists(previous))) return undefined;
  throw new ArgumentError(
    `fit: there is no checkpoint at ${path}, but the one before it, ${previous}; rename it to go on from there, or move it away`,
  );
}

async function exists(path: string): Promise<boolean> {
  return nodeFiles('fit')
    .access(path)
    .then(
      () => true,
      () => false,
    );
}

/** Removes what a process left that was killed while it saved. */
async function removeLeftovers(path: string): Promise<void> {
  const files = nodeFiles('fit');
  const [, folder = '', name = ''] = /^(.*[/\\])?([^/\\]*)$/s.exec(path) ?? [];
  for (const other of await files.readdir(folder || '.')) {
    if (other.startsWith(`${name}.`) && other.endsWith('.tmp')) await files.rm(folder + other, { force: true });
  }
}
