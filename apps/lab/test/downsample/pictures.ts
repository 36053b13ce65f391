/**
 * @file Pictures for tests, from formulas.
 */
import type { Picture } from '../../src/images/picture.js';

/** A picture whose value at frame t, channel c, row y and column x is `value(x, y, c, t)`. */
export function pictureOf(
  size: { width: number; height: number; channels?: 1 | 3; frames?: number },
  value: (x: number, y: number, c: number, t: number) => number,
): Picture {
  const { width, height, channels = 1, frames = 1 } = size;
  const frame = (t: number): Float32Array =>
    Float32Array.from({ length: width * height * channels }, (_, i) => {
      const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
      return value(x, y, c, t);
    });
  return {
    ...{ width, height, channels, loop: 0 },
    frames: Array.from({ length: frames }, (_, t) => frame(t)),
    delays: Array.from({ length: frames }, () => (frames > 1 ? 100 : 0)),
  };
}

/** Waves of several lengths, from 0 to 1, different in every channel and frame. */
export function waves(x: number, y: number, c = 0, t = 0): number {
  return (
    0.5 + 0.2 * Math.sin(0.9 * x + 0.3 * y + c + t) + 0.2 * Math.cos(0.15 * x * y + 2 * c) + 0.1 * Math.sin(2.1 * y)
  );
}
