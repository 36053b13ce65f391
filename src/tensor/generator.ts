/**
 * @file A seeded random number generator: the same seed gives the same stream on every backend and in every engine.
 *
 * The core is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021) on 32-bit
 * integers, its state expanded from the seed by SplitMix64. Everything above it uses only + − × ÷ and √, which IEEE 754
 * fixes to the bit; normal values take their logarithm from `portableLog` for the same reason.
 */
import { ArgumentError, shorten } from '../errors.js';
import { portableLog } from './portableLog.js';

/** A safe integer, a bigint (taken modulo 2⁶⁴) or any string. */
export type Seed = number | bigint | string;

/** Everything that a generator's future depends on, as plain JSON. */
export interface GeneratorState {
  readonly algorithm: 'xoshiro128**';
  /** The seed as an unsigned 64-bit integer in hexadecimal; `fork` depends on it. */
  readonly seed: string;
  /** The four 32-bit words of xoshiro128**. */
  readonly words: readonly number[];
  /** The second value of the last normal pair, if it is still to be handed out. */
  readonly spareNormal: number | null;
}

const MASK_64 = (1n << 64n) - 1n;
const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n;
const TWO_32 = 2 ** 32;

export class Generator {
  #seed = 0n;
  #spareNormal: number | null = null;
  // Signed words, because engines keep int32 fields unboxed.
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(seed: Seed = 0) {
    this.manualSeed(seed);
  }

  /** Starts the stream of `seed` anew. */
  manualSeed(seed: Seed): this {
    this.#restart(seedToInteger(seed));
    return this;
  }

  /**
   * An independent stream that depends only on this generator's seed and on `name`, not on how far it was used.
   * `new Generator(7).fork('weights')` is the same stream wherever it is written.
   */
  fork(name: string): Generator {
    const child = new Generator();
    child.#restart(mix64(hashString(name, mix64(this.#seed ^ GOLDEN_GAMMA))));
    return child;
  }

  /** The next 32 random bits, as an integer in [0, 2³²). */
  nextUint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** A value in [0, 1): one of 2⁵³ equally spaced ones. */
  uniform(): number {
    const high = this.nextUint32() >>> 5;
    return (high * 2 ** 26 + (this.nextUint32() >>> 6)) * 2 ** -53;
  }

  /**
   * A normal value with the given mean and standard deviation, by Marsaglia's polar method:
   * (u, v) uniform in the unit disc, s = u² + v², then u·√(−2 ln s / s) and v·√(−2 ln s / s) are two independent ones.
   */
  normal(mean = 0, std = 1): number {
    const spare = this.#spareNormal;
    if (spare !== null) {
      this.#spareNormal = null;
      return mean + std * spare;
    }
    let u: number;
    let v: number;
    let s: number;
    do {
      u = 2 * this.uniform() - 1;
      v = 2 * this.uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * portableLog(s)) / s);
    this.#spareNormal = v * scale;
    return mean + std * (u * scale);
  }

  /**
   * An integer in [0, n), every one equally likely.
   *
   * @throws ArgumentError unless n is an integer from 1 to 2³²
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
      throw new ArgumentError(`integer: n is ${n}, but must be an integer from 1 to 2^32`);
    }
    // The last, incomplete run of n among the 2³² words would favour small values.
    const limit = TWO_32 - (TWO_32 % n);
    let word: number;
    do word = this.nextUint32();
    while (word >= limit);
    return word % n;
  }

  /** True with probability p (a multiple of 2⁻³²). */
  bernoulli(p: number): boolean {
    checkProbability('bernoulli', p);
    return this.nextUint32() < p * TWO_32;
  }

  /** The integers 0 … n − 1 in random order. */
  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n > 2 ** 31 - 1) {
      throw new ArgumentError(`permutation: n is ${n}, but must be an integer from 0 to 2^31 - 1`);
    }
    return this.shuffle(Int32Array.from({ length: n }, (_, index) => index));
  }

  /** Puts the elements of `items` into random order, in place (Fisher and Yates), and returns it. */
  shuffle<T extends Int32Array | unknown[]>(items: T): T {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const moved = items[last];
      items[last] = items[other];
      items[other] = moved;
    }
    return items;
  }

  /**
   * Fills `target` with values from [low, high). They are those of repeated `low + (high − low)·uniform()`, rounded to
   * the target's precision; what rounds up to `high` becomes `low`.
   */
  fillUniform<T extends Float32Array | Float64Array>(target: T, low = 0, high = 1): T {
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
      throw new ArgumentError(`fillUniform: low ${low} and high ${high} must be finite and low < high`);
    }
    const width = high - low;
    for (let i = 0; i < target.length; i++) {
      target[i] = low + width * this.uniform();
      if ((target[i] as number) >= high) target[i] = low;
    }
    return target;
  }

  /** Fills `target` with the values of repeated `normal(mean, std)`. */
  fillNormal<T extends Float32Array | Float64Array>(target: T, mean = 0, std = 1): T {
    for (let i = 0; i < target.length; i++) target[i] = this.normal(mean, std);
    return target;
  }

  /** Sets each element of `target` to `value` with probability p and to 0 otherwise. */
  fillBernoulli<T extends Float32Array | Float64Array>(target: T, p: number, value = 1): T {
    checkProbability('fillBernoulli', p);
    const threshold = p * TWO_32;
    for (let i = 0; i < target.length; i++) target[i] = this.nextUint32() < threshold ? value : 0;
    return target;
  }

  /** A snapshot for a checkpoint; assigning it brings back the stream at that point. */
  get state(): GeneratorState {
    return {
      algorithm: 'xoshiro128**',
      seed: this.#seed.toString(16).padStart(16, '0'),
      words: [this.#a, this.#b, this.#c, this.#d].map((word) => word >>> 0),
      spareNormal: this.#spareNormal,
    };
  }

  set state(state: GeneratorState) {
    checkState(state);
    this.#seed = BigInt(`0x${state.seed}`);
    [this.#a, this.#b, this.#c, this.#d] = state.words.map((word) => word | 0) as [number, number, number, number];
    this.#spareNormal = state.spareNormal;
  }

  #restart(seed: bigint): void {
    this.#seed = seed;
    this.#spareNormal = null;
    const first = mix64(seed + GOLDEN_GAMMA);
    const second = mix64(seed + 2n * GOLDEN_GAMMA);
    this.#a = Number(BigInt.asIntN(32, first));
    this.#b = Number(BigInt.asIntN(32, first >> 32n));
    this.#c = Number(BigInt.asIntN(32, second));
    this.#d = Number(BigInt.asIntN(32, second >> 32n));
  }
}

function seedToInteger(seed: Seed): bigint {
  if (typeof seed === 'string') return hashString(seed, mix64(GOLDEN_GAMMA));
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new ArgumentError(`manualSeed: ${seed} is not a safe integer; use an integer, a bigint or a string`);
  }
  return BigInt.asUintN(64, BigInt(seed));
}

/** SplitMix64's finaliser: a bijection of 64-bit integers in which every input bit moves about half of the output bits. */
function mix64(value: bigint): bigint {
  let z = value & MASK_64;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
  return z ^ (z >> 31n);
}

/** FNV-1a over the UTF-8 bytes of `text`, 64 bits, started from `basis`. */
function hashString(text: string, basis: bigint): bigint {
  let hash = basis;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK_64;
  return hash;
}

function checkProbability(operation: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ArgumentError(`${operation}: p is ${p}, but a probability lies between 0 and 1`);
}

/** A state usually comes from a file, so nothing of its declared type is taken for granted. */
function checkState(state: GeneratorState): void {
  const { algorithm, seed, words, spareNormal } = state;
  const isWord = (word: unknown): boolean => Number.isInteger(word) && Number(word) >= 0 && Number(word) < TWO_32;
  const valid =
    algorithm === 'xoshiro128**' &&
    /^[0-9a-f]{16}$/.test(seed) &&
    Array.isArray(words) &&
    words.length === 4 &&
    words.every(isWord) &&
    words.some((word) => word !== 0) &&
    (spareNormal === null || Number.isFinite(spareNormal));
  if (!valid)
    throw new ArgumentError(`Generator.state: not a state of this generator: ${shorten(JSON.stringify(state), 200)}`);
}
