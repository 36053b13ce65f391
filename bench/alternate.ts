/**
 * @file Timing in turns: every round runs each task once, so that all of them see the same phases of the machine.
 */

/** Name of a task → milliseconds per call, one entry per round. */
export type Times = ReadonlyMap<string, readonly number[]>;

export interface AlternateOptions {
  /** Default 11. */
  readonly rounds?: number | undefined;
  /** A task is repeated within a round until about so many milliseconds have passed. Default 8. */
  readonly sampleMs?: number | undefined;
}

/** Runs all tasks in turns, after a warm-up that also tells how often each is repeated. */
export function alternate(tasks: Readonly<Record<string, () => void>>, options: AlternateOptions = {}): Times {
  const { rounds = 11, sampleMs = 8 } = options;
  const samples = Object.entries(tasks).map(([name, run]) => {
    timeOf(run, 3);
    const repeats = Math.max(1, Math.round(sampleMs / timeOf(run, 2)));
    return { name, run, repeats, times: [] as number[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { run, repeats, times } of samples) times.push(timeOf(run, repeats));
  }
  return new Map(samples.map(({ name, times }) => [name, times]));
}

/** The times of one task. */
export function timesOf(times: Times, name: string): readonly number[] {
  const found = times.get(name);
  if (!found) throw new RangeError(`no task '${name}' was timed`);
  return found;
}

/** Milliseconds per call. */
function timeOf(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return (performance.now() - start) / repeats;
}
