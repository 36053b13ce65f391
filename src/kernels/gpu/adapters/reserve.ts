/**
 * @file Memory of a device that is used again: to make a buffer or a texture costs more than to start a kernel.
 */

/** Bytes that may lie idle however little is in use. */
const SMALLEST_RESERVE = 64 * 2 ** 20;

interface Idle<T> {
  readonly item: T;
  readonly bytes: number;
}

/** Idle items by kind, which repeat from step to step. No more bytes lie idle than were ever in use. */
export class Reserve<T> {
  readonly #destroy: (items: readonly T[]) => void;
  readonly #idle = new Map<string | number, Idle<T>[]>();
  #idleBytes = 0;
  #takenBytes = 0;
  #mostTakenBytes = 0;

  constructor(destroy: (items: readonly T[]) => void) {
    this.#destroy = destroy;
  }

  /** Bytes in use and idle. */
  get bytes(): number {
    return this.#takenBytes + this.#idleBytes;
  }

  /** An idle item of a kind, else a new one. */
  take(kind: string | number, bytes: number, create: () => T): T {
    const idle = this.#idle.get(kind)?.pop();
    const item = idle ? idle.item : create();
    if (idle) this.#idleBytes -= bytes;
    this.#takenBytes += bytes;
    this.#mostTakenBytes = Math.max(this.#mostTakenBytes, this.#takenBytes);
    return item;
  }

  /** Keeps an item for later, in the place of all idle ones if there are too many. */
  give(kind: string | number, bytes: number, item: T): void {
    this.#takenBytes -= bytes;
    if (this.#idleBytes + bytes > Math.max(SMALLEST_RESERVE, this.#mostTakenBytes)) this.clear();
    const idle = this.#idle.get(kind);
    if (idle) idle.push({ item, bytes });
    else this.#idle.set(kind, [{ item, bytes }]);
    this.#idleBytes += bytes;
  }

  /** Gives up an item that turned out to be none, in use or idle, and all that is idle. */
  forget(kind: string | number, bytes: number, item: T): void {
    if (!this.#idle.get(kind)?.some((idle) => idle.item === item)) this.#takenBytes -= bytes;
    this.clear();
  }

  /** Destroys what is idle. */
  clear(): void {
    if (this.#idleBytes === 0) return;
    this.#destroy([...this.#idle.values()].flatMap((idle) => idle.map(({ item }) => item)));
    this.#idle.clear();
    this.#idleBytes = 0;
  }
}
