/**
 * @file Bootstrap intervals of paired differences in accuracy, over seeds and test images at once.
 *
 * Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapter 13 (percentile intervals); Rao and Wu, "Resampling
 * inference with complex survey data" (JASA 1988): of n seeds n − 1 are drawn, so that the spread between few seeds isn't
 * underestimated; Owen and Eckles, "Bootstrapping data arrays of arbitrary order" (2012): two crossed factors are drawn each by
 * itself. What seeds contribute is stretched by t₀.₉₇₅(n − 1)/z₀.₉₇₅, because a spread that is estimated from few seeds is itself
 * uncertain (Hesterberg, "What teachers should know about the bootstrap", 2015, calls the plain interval too narrow there).
 */
import { Generator } from 'softgrad';
import { tQuantile } from './statistics.js';

const RESAMPLES = 2000;
/** Of the resampled differences this share lies below the interval, and as much above. */
const TAIL = 0.025;
/** z₀.₉₇₅ */
const NORMAL_QUANTILE = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Per seed and test image: 1 where only the first of the pair is right, −1 where only the second is, else 0. */
export interface PairedOutcomes {
  /** What the drawing of seeds follows from. Other pairs don't change a pair's interval. */
  readonly name: string;
  readonly seeds: readonly Int8Array[];
}

/**
 * The 95 % interval of each pair's mean difference: where it would lie with other seeds and other test images. All pairs see the
 * same resampled images. `undefined` where there are fewer than two seeds.
 *
 * @param images how many test images there are
 */
export function bootstrapIntervals(pairs: readonly PairedOutcomes[], images: number): (Interval | undefined)[] {
  const streams = new Generator('bootstrap');
  const imageStream = streams.fork('images');
  const resamplers = pairs.map(({ name, seeds }) => new Resampler(seeds, images, streams.fork(`seeds of ${name}`)));
  const counts = new Uint16Array(images);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    counts.fill(0);
    for (let i = 0; i < images; i++) counts[imageStream.integer(images)]! += 1;
    for (const resampler of resamplers) resampler.add(counts);
  }
  return resamplers.map((resampler) => resampler.interval());
}

interface Difference {
  readonly image: number;
  readonly outcome: number;
}

class Resampler {
  readonly #resampled: number[] = [];
  readonly #images: number;
  readonly #generator: Generator;
  /** By seed: the images in which the pair differs, and how. */
  readonly #different: readonly (readonly Difference[])[];
  /** By seed: the mean over all images. */
  readonly #means: readonly number[];
  readonly #stretch: number;

  constructor(seeds: readonly Int8Array[], images: number, generator: Generator) {
    this.#images = images;
    this.#generator = generator;
    this.#different = seeds.map((outcomes) =>
      Array.from(outcomes, (outcome, image) => ({ image, outcome })).filter(({ outcome }) => outcome !== 0),
    );
    this.#means = seeds.map((outcomes) => outcomes.reduce((sum, outcome) => sum + outcome, 0) / images);
    this.#stretch = seeds.length < 2 ? Number.NaN : stretchOf(seeds.length);
  }

  /** One more resample: with so many copies of each image. */
  add(counts: Uint16Array): void {
    const seeds = this.#means.length;
    if (seeds < 2) return;
    const drawn = Array.from({ length: seeds - 1 }, () => this.#generator.integer(seeds));
    const bySeeds = average(drawn.map((seed) => this.#means[seed] ?? 0));
    const byBoth = average(drawn.map((seed) => weighted(this.#different[seed] ?? [], counts))) / this.#images;
    const mean = average(this.#means);
    this.#resampled.push(mean + this.#stretch * (bySeeds - mean) + (byBoth - bySeeds));
  }

  interval(): Interval | undefined {
    if (this.#resampled.length === 0) return undefined;
    const sorted = this.#resampled.toSorted((a, b) => a - b);
    const below = Math.floor(TAIL * sorted.length);
    return { low: sorted[below] ?? Number.NaN, high: sorted[sorted.length - 1 - below] ?? Number.NaN };
  }
}

/** Of two seeds one is drawn, so what they contribute is one standard error to either side: its quantile is 1, not z. */
function stretchOf(seeds: number): number {
  return tQuantile(seeds - 1) / (seeds === 2 ? 1 : NORMAL_QUANTILE);
}

function weighted(different: readonly Difference[], counts: Uint16Array): number {
  let total = 0;
  for (const { image, outcome } of different) total += outcome * (counts[image] ?? 0);
  return total;
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
