/**
 * @file The order that Python's `random.Random(seed).shuffle` makes: by the Mersenne Twister (Matsumoto and Nishimura, 1998).
 */
const WORDS = 624;
const OFFSET = 397;

/** Shuffles lists one after the other, as one generator of Python does. */
export class PythonShuffle {
  readonly #state = new Uint32Array(WORDS);
  #at = WORDS;

  /** @param seed of 32 bits */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < WORDS; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
    for (let step = 0, i = 1; step < 2 * WORDS - 1; step++) {
      const before = state[i - 1]! ^ (state[i - 1]! >>> 30);
      state[i] =
        step < WORDS
          ? (state[i]! ^ Math.imul(before, 1664525)) + seed
          : (state[i]! ^ Math.imul(before, 1566083941)) - i;
      i++;
      if (i < WORDS) continue;
      state[0] = state[WORDS - 1]!;
      i = 1;
    }
    state[0] = 0x80000000;
  }

  /** 0 … length − 1 in the order in which a shuffled list of that length has its items. */
  order(length: number): number[] {
    const items = Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  #below(limit: number): number {
    const shift = Math.clz32(limit);
    for (;;) {
      const value = this.#next() >>> shift;
      if (value < limit) return value;
    }
  }

  #next(): number {
    if (this.#at === WORDS) this.#twist();
    let value = this.#state[this.#at++]!;
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < WORDS; i++) {
      const mixed = (state[i]! & 0x80000000) | (state[(i + 1) % WORDS]! & 0x7fffffff);
      state[i] = state[(i + OFFSET) % WORDS]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}
