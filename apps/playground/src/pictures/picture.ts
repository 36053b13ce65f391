/**
 * @file What a picture is here: three planes of numbers, ready to become a tensor.
 */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `[3, height, width]`, 0 … 1. */
  readonly planes: Float32Array;
}

/** A part of a picture, in pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Colour of a point; both coordinates run from 0 to 1, downwards and to the right. */
export type Painter = (x: number, y: number) => readonly [red: number, green: number, blue: number];

/** Samples a painter four times per pixel, as a camera's pixels would collect light. */
export function paint(size: number, painter: Painter): Picture {
  const planes = new Float32Array(3 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (const [dx, dy] of SUBPIXELS) {
        const colour = painter((column + dx) / size, (row + dy) / size);
        for (let channel = 0; channel < 3; channel++) {
          planes[(channel * size + row) * size + column]! += clamp(colour[channel]!) / SUBPIXELS.length;
        }
      }
    }
  }
  return { width: size, height: size, planes };
}

const SUBPIXELS = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;

/** Brightness `[height, width]` by the weights of ITU-R BT.601. */
export function luminance({ width, height, planes }: Picture): Float64Array {
  const plane = width * height;
  return Float64Array.from(
    { length: plane },
    (_, i) => 0.299 * planes[i]! + 0.587 * planes[plane + i]! + 0.114 * planes[2 * plane + i]!,
  );
}

/** Brightness as a network's activations have it: some below 0, most below 4. */
export function activation(brightness: number): number {
  return 6 * brightness - 2;
}

/** The brightness that `activation` maps to `value`. */
export function brightness(value: number): number {
  return (value + 2) / 6;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
