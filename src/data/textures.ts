/** @file Random textures for the `shapes` data set: stripes, checks, dots and smooth blobs. */
import type { Generator } from '../tensor/generator.js';

/** A value in [−1, 1] at (x, y), in pixels. */
export type Texture = (x: number, y: number) => number;

const LATTICE = 8;

/** A texture of random kind, direction, phase and a period of 3 to 10 pixels. */
export function randomTexture(generator: Generator): Texture {
  const [cos, sin] = randomDirection(generator);
  const frequency = 1 / (3 + 7 * generator.uniform());
  const [phaseX, phaseY] = [generator.uniform(), generator.uniform()];
  const pattern = [stripes, checks, dots, blobs(generator)][generator.integer(4)]!;
  return (x, y) => pattern((cos * x - sin * y) * frequency + phaseX, (sin * x + cos * y) * frequency + phaseY);
}

/** A random unit vector, (cos φ, sin φ) without trigonometry: a point of the unit disc pushed to its rim. */
export function randomDirection(generator: Generator): [cos: number, sin: number] {
  for (;;) {
    const x = 2 * generator.uniform() - 1;
    const y = 2 * generator.uniform() - 1;
    const squared = x * x + y * y;
    if (squared > 0.01 && squared <= 1) return [x / Math.sqrt(squared), y / Math.sqrt(squared)];
  }
}

/** A triangle wave of period 1 between −1 and 1. */
function wave(x: number): number {
  return 4 * Math.abs(x - Math.floor(x) - 0.5) - 1;
}

function stripes(x: number): number {
  return wave(x);
}

function checks(x: number, y: number): number {
  return (Math.floor(2 * x) + Math.floor(2 * y)) % 2 === 0 ? 0.7 : -0.7;
}

function dots(x: number, y: number): number {
  return wave(x) + wave(y) > 0.6 ? 1 : -0.5;
}

/** Value noise: random values on a periodic lattice, interpolated. */
function blobs(generator: Generator): Texture {
  const lattice = generator.fillUniform(new Float64Array(LATTICE * LATTICE), -1, 1);
  const at = (column: number, row: number): number =>
    lattice[(row & (LATTICE - 1)) * LATTICE + (column & (LATTICE - 1))]!;
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const tx = x - column;
    const ty = y - row;
    const top = at(column, row) * (1 - tx) + at(column + 1, row) * tx;
    const bottom = at(column, row + 1) * (1 - tx) + at(column + 1, row + 1) * tx;
    return top * (1 - ty) + bottom * ty;
  };
}
