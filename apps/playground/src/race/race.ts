/**
 * @file The race: every network makes one step, then every network makes the next.
 */
import { backendInfo, setBackend } from 'softgrad';
import { Lane, raceData } from './lane.js';
import { LOOK_EVERY, RACE_STEPS, type RaceReport, type RaceSettings, TEST_EVERY } from './protocol.js';

export class Race {
  readonly #lanes: readonly Lane[];
  readonly #batchSize: number;
  readonly #report: (report: RaceReport) => void;
  #steps = 0;
  #isRunning = false;

  private constructor(lanes: readonly Lane[], batchSize: number, report: (report: RaceReport) => void) {
    this.#lanes = lanes;
    this.#batchSize = batchSize;
    this.#report = report;
  }

  /**
   * Makes the networks on the backend of the settings.
   *
   * @throws BackendError if the backend can't run here
   */
  static async prepare(settings: RaceSettings, report: (report: RaceReport) => void): Promise<Race> {
    const { pools, seeds, batchSize, backend } = settings;
    await setBackend(backend.name, backend.options);
    const data = raceData();
    const names = pools.flatMap((pool) => Array.from({ length: seeds }, (_, i) => ({ pool, seed: i + 1 })));
    const lanes = names.map((name) => new Lane(name, batchSize, data));
    const race = new Race(lanes, batchSize, report);
    report({
      kind: 'ready',
      backend: backendInfo().description,
      lanes: names,
      parameters: lanes[0]?.parameters ?? 0,
      images: data.train.length,
    });
    await race.#look();
    return race;
  }

  /** Runs until it is paused or over. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#isRunning && this.#steps < RACE_STEPS) {
      await this.step();
      // Lets a message from the page come in.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#isRunning = false;
    if (this.#steps >= RACE_STEPS) this.#report({ kind: 'finished' });
  }

  pause(): void {
    this.#isRunning = false;
  }

  /** One step of every network. */
  async step(): Promise<void> {
    const start = performance.now();
    const losses: number[] = [];
    for (const lane of this.#lanes) losses.push(await lane.step());
    const seconds = (performance.now() - start) / 1000;
    this.#steps += 1;
    const betas: (number | null)[] = [];
    for (const lane of this.#lanes) betas.push(await lane.beta());
    const imagesPerSecond = (this.#lanes.length * this.#batchSize) / seconds;
    this.#report({ kind: 'round', step: this.#steps, losses, betas, imagesPerSecond });
    if (this.#steps % TEST_EVERY === 0) await this.#test();
    if (this.#steps % LOOK_EVERY === 0) await this.#look();
  }

  async #test(): Promise<void> {
    const accuracies: number[] = [];
    for (const lane of this.#lanes) accuracies.push(await lane.test());
    this.#report({ kind: 'tested', step: this.#steps, accuracies });
  }

  /** Inside the networks of the first seed. */
  async #look(): Promise<void> {
    const networks = [];
    for (const lane of this.#lanes) if (lane.name.seed === 1) networks.push(await lane.inside());
    this.#report({ kind: 'inside', step: this.#steps, networks });
  }
}
