/**
 * @file The ten voices of the `waveforms` data set: each a way in which pitch and loudness change over time t, 0 … 1.
 */
import type { Generator } from '../tensor/generator.js';
import { portableSine } from './portableSine.js';
import { approximateNormal, between } from './randomValues.js';

export interface Voice {
  /** Cycles per sample. */
  readonly pitch: (time: number) => number;
  readonly loudness: (time: number) => number;
  /** A period of the sound by its phase in turns. Default: a sine. */
  readonly wave?: (phase: number) => number;
}

/** A voice of one class around a pitch. */
type VoiceMaker = (pitch: number, generator: Generator) => Voice;

/** How far a chirp or a vibrato goes from the pitch, in fractions of it. */
const SWEEP = [0.1, 0.4] as const;
/** Swings of a vibrato or a tremolo in the whole waveform. */
const SWINGS = [3, 7] as const;
const TREMOLO_DEPTH = [0.5, 1] as const;
/** The part of the waveform in which a decaying sound loses half its loudness. */
const HALF_LIFE = [0.06, 0.16] as const;
const BURST_WIDTH = [0.12, 0.25] as const;
const OVERTONES = 4;

const flat = (): number => 1;

/** The voices by class, in the order of the labels. */
export const WAVEFORM_VOICES: Readonly<Record<string, VoiceMaker>> = {
  tone: (pitch) => ({ pitch: () => pitch, loudness: flat }),
  rising: (pitch, generator) => sweep(pitch, between(generator, SWEEP)),
  falling: (pitch, generator) => sweep(pitch, -between(generator, SWEEP)),
  vibrato: (pitch, generator) => {
    const depth = between(generator, SWEEP);
    const swing = swinging(generator);
    return { pitch: (time) => pitch * (1 + depth * swing(time)), loudness: flat };
  },
  tremolo: (pitch, generator) => {
    const depth = between(generator, TREMOLO_DEPTH);
    const swing = swinging(generator);
    return { pitch: () => pitch, loudness: (time) => 1 + depth * swing(time) };
  },
  decay: (pitch, generator) => {
    const start = 0.5 * generator.uniform();
    return { pitch: () => pitch, loudness: fading(start, between(generator, HALF_LIFE)) };
  },
  swell: (pitch, generator) => {
    const start = 0.5 * generator.uniform();
    const fade = fading(start, between(generator, HALF_LIFE));
    return { pitch: () => pitch, loudness: (time) => fade(1 - time) };
  },
  overtones: (pitch) => ({ pitch: () => pitch, loudness: flat, wave: overtones }),
  burst: (pitch, generator) => {
    const width = between(generator, BURST_WIDTH);
    const centre = width + (1 - 2 * width) * generator.uniform();
    return {
      pitch: () => pitch,
      loudness: (time) => bump((time - centre) / width),
      wave: () => approximateNormal(generator),
    };
  },
  pulses: (pitch) => ({ pitch: () => pitch / 3, loudness: flat, wave: pulse }),
};

/** A pitch that changes evenly and is `pitch` in the middle. */
function sweep(pitch: number, depth: number): Voice {
  return { pitch: (time) => pitch * (1 + depth * (2 * time - 1)), loudness: flat };
}

function swinging(generator: Generator): (time: number) => number {
  const swings = between(generator, SWINGS);
  const phase = generator.uniform();
  return (time) => portableSine(swings * time + phase);
}

/** Silence until `start`, then a loudness that halves again and again, each time by parts of the same straight line. */
function fading(start: number, halfLife: number): (time: number) => number {
  return (time) => {
    if (time < start) return 0;
    const halvings = (time - start) / halfLife;
    const whole = Math.floor(halvings);
    return (1 - 0.5 * (halvings - whole)) / (1 << whole);
  };
}

function overtones(phase: number): number {
  let sum = 0;
  for (let k = 1; k <= OVERTONES; k++) sum += portableSine(k * phase) / k;
  return sum;
}

/** Short and up, once a period. */
function pulse(phase: number): number {
  return bump((phase - Math.floor(phase) - 0.5) / 0.08);
}

/** 1 at 0, 0 from −1 and 1 on. */
function bump(x: number): number {
  const rest = Math.max(0, 1 - x * x);
  return rest * rest;
}
