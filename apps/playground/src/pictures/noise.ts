/**
 * @file Smooth random functions, the same on every machine: what hills, clouds and light are made of.
 */

/** A number in [0, 1) that depends on two whole numbers and a seed alone. */
export function hash(column: number, row: number, seed: number): number {
  let h = Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Value noise: random values on a unit lattice, joined smoothly. */
export function noise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = smooth(x - column);
  const v = smooth(y - row);
  const top = mix(hash(column, row, seed), hash(column + 1, row, seed), u);
  const bottom = mix(hash(column, row + 1, seed), hash(column + 1, row + 1, seed), u);
  return mix(top, bottom, v);
}

/** Noise at several scales, each half as strong as the one before; between 0 and 1. */
export function fractalNoise(x: number, y: number, seed: number, octaves = 4): number {
  let sum = 0;
  let weight = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const strength = 0.5 ** octave;
    sum += strength * noise(x * 2 ** octave, y * 2 ** octave, seed + octave);
    weight += strength;
  }
  return sum / weight;
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below 0, 1 above 1, and without a corner in between. */
export function smooth(t: number): number {
  const bounded = Math.min(1, Math.max(0, t));
  return bounded * bounded * (3 - 2 * bounded);
}
