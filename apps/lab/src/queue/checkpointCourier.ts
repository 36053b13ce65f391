/**
 * @file Brings a run's checkpoints from its folder to the store: the newest, one at a time, and not too often.
 */

export class CheckpointCourier {
  readonly #send: () => Promise<void>;
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;
  #sending = Promise.resolve();
  #sentAt = Number.NEGATIVE_INFINITY;
  #isDue = false;

  /**
   * @param send sends what lies in the folder now; doesn't throw
   * @param seconds at least between two of them
   */
  constructor(send: () => Promise<void>, seconds: number) {
    this.#send = send;
    this.#milliseconds = 1000 * seconds;
  }

  /** There is a new one in the folder. */
  due(): void {
    this.#isDue = true;
    const wait = this.#sentAt + this.#milliseconds - performance.now();
    this.#timer ??= setTimeout(() => void this.flush(), Math.max(0, wait));
  }

  /** Sends it now, if it wasn't sent, and waits until it has arrived. */
  async flush(): Promise<void> {
    this.stop();
    if (this.#isDue) {
      this.#isDue = false;
      this.#sentAt = performance.now();
      this.#sending = this.#sending.then(this.#send);
    }
    await this.#sending;
  }

  /** Sends none any more, until the next is due. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
