/**
 * @file `waveforms`: a procedural audio classification task of ten classes, made from a seed in half a second.
 *
 * One sound of random pitch, phase and timing in noise, on a slow drift and under a few clicks, always equally loud. The class
 * is how pitch, timbre and loudness develop: neither the level nor the sign nor any single sample tells it.
 */
import { ArgumentError } from '../errors.js';
import type { Generator } from '../tensor/generator.js';
import type { Dataset } from './dataset.js';
import { portableSine } from './portableSine.js';
import { type ProceduralOptions, proceduralDataset } from './proceduralDataset.js';
import { approximateNormal, between } from './randomValues.js';
import { type Voice, WAVEFORM_VOICES } from './waveformVoices.js';

export interface WaveformsOptions extends ProceduralOptions {
  /** Samples of a waveform, default 512. */
  readonly length?: number | undefined;
}

/** Every waveform has the mean 0 and this deviation, but for what is clipped at ±1. */
const LEVEL = 0.2;

/** Of every waveform, near enough. */
export const WAVEFORMS_NORMALIZATION = { mean: [0], std: [LEVEL] } as const;

/** Cycles per sample. */
const PITCH = [0.04, 0.11] as const;
/** Deviation of the noise, of the drift, and the height of clicks, for a sound of deviation 1. */
const NOISE = [0.8, 2] as const;
const DRIFT = [0, 0.6] as const;
const CLICK = [2, 5] as const;
const MOST_CLICKS = 6;

const CLASSES = Object.keys(WAVEFORM_VOICES);
const VOICES = Object.values(WAVEFORM_VOICES);

/**
 * Generates the data set.
 *
 * @returns waveforms `[N, 1, length]` in [−1, 1]; sample i has class i mod 10
 * @throws ArgumentError if an option is out of range
 */
export function waveforms(options: WaveformsOptions): Dataset {
  const { length = 512 } = options;
  if (!Number.isInteger(length) || length < 64 || length > 2 ** 20) {
    throw new ArgumentError(`waveforms: length is ${length}, but must be an integer from 64 to 2^20`);
  }
  return proceduralDataset(
    {
      name: 'waveforms',
      shape: [1, length],
      classes: CLASSES,
      normalization: WAVEFORMS_NORMALIZATION,
      allocate: (values) => new Float32Array(values),
      draw: (target, label, generator) => drawWaveform(target, label, generator),
    },
    options,
  );
}

function drawWaveform(target: Float32Array, label: number, generator: Generator): void {
  const signal = new Float64Array(target.length);
  sing(signal, VOICES[label]!(between(generator, PITCH), generator), generator);
  standardize(signal);
  disturb(signal, generator);
  standardize(signal);
  for (let i = 0; i < signal.length; i++) target[i] = Math.min(1, Math.max(-1, LEVEL * signal[i]!));
}

/** The sound alone, upside down or not. */
function sing(signal: Float64Array, { pitch, loudness, wave = portableSine }: Voice, generator: Generator): void {
  const sign = generator.bernoulli(0.5) ? 1 : -1;
  let phase = generator.uniform();
  for (let i = 0; i < signal.length; i++) {
    const time = (i + 0.5) / signal.length;
    phase += pitch(time);
    signal[i] = sign * loudness(time) * wave(phase);
  }
}

/** Adds noise, a slow swing and clicks. */
function disturb(signal: Float64Array, generator: Generator): void {
  const noise = between(generator, NOISE);
  const drift = between(generator, DRIFT) * Math.SQRT2;
  const [start, swings] = [generator.uniform(), 2 * generator.uniform()];
  for (let i = 0; i < signal.length; i++) {
    signal[i]! += noise * approximateNormal(generator) + drift * portableSine(start + (swings * i) / signal.length);
  }
  for (let clicks = generator.integer(MOST_CLICKS + 1); clicks > 0; clicks--) {
    const height = between(generator, CLICK);
    signal[generator.integer(signal.length)]! += generator.bernoulli(0.5) ? height : -height;
  }
}

/** Shifts and scales to mean 0 and deviation 1. */
function standardize(signal: Float64Array): void {
  const mean = signal.reduce((sum, value) => sum + value, 0) / signal.length;
  const variance = signal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / signal.length;
  const scale = 1 / Math.sqrt(variance);
  for (let i = 0; i < signal.length; i++) signal[i] = (signal[i]! - mean) * scale;
}
