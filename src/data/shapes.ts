/**
 * @file `shapes`: a procedural image classification task of ten classes, made from a seed in a second.
 *
 * One textured shape of varying contrast on a textured background, at a random place, size, angle and stretch, partly hidden
 * by a stroke, under uneven light and noise. The class is the outline alone: colour, texture and place tell nothing.
 */
import { ArgumentError } from '../errors.js';
import { Generator, type Seed } from '../tensor/generator.js';
import { checkSplit, type Dataset, type Split } from './dataset.js';
import { approximateNormal, between } from './randomValues.js';
import { type Outline, SHAPE_OUTLINES } from './shapeOutlines.js';
import { randomDirection, randomTexture, type Texture } from './textures.js';

export interface ShapesOptions {
  readonly split: Split;
  /** Height and width in pixels, default 32. */
  readonly size?: number | undefined;
  /** How many images, default 4,000 for training and 1,000 to test. Fewer are a prefix of more. */
  readonly count?: number | undefined;
  /** Default 0. */
  readonly seed?: Seed | undefined;
}

/** Of 4,000 training images with seed 0, by `computeNormalization`. */
export const SHAPES_NORMALIZATION = { mean: [0.3759, 0.3792, 0.3775], std: [0.2077, 0.208, 0.2076] } as const;

const CLASSES = Object.keys(SHAPE_OUTLINES);
const OUTLINES = Object.values(SHAPE_OUTLINES);
const DEFAULT_COUNT: Readonly<Record<Split, number>> = { train: 4000, test: 1000 };
const CHANNELS = 3;

/** What varies from image to image; ranges are uniform, lengths in fractions of the image size. */
const RADIUS = [0.28, 0.42] as const;
/** The tangent of the angle: up to 17° either way. */
const TILT = [-0.3, 0.3] as const;
const CENTRE = [0.36, 0.64] as const;
const STRETCH = [0.8, 1] as const;
const BASE_COLOUR = [0.1, 0.5] as const;
const CONTRAST = [0.25, 0.5] as const;
const TEXTURE_AMPLITUDE = [0.02, 0.08] as const;
const LIGHT = [0, 0.15] as const;
const NOISE = [0.02, 0.05] as const;
const STROKES = 1;

type Colour = readonly [number, number, number];

/** A surface: a colour, varied by a texture along a colour direction. */
interface Surface {
  readonly colour: Colour;
  readonly tint: Colour;
  readonly texture: Texture;
}

/** How much of a pixel a figure covers, 0 … 1. */
type Coverage = (x: number, y: number) => number;

/**
 * Generates the data set.
 *
 * @returns images `[N, 3, size, size]` as bytes; sample i has class i mod 10
 * @throws ArgumentError if an option is out of range
 */
export function shapes(options: ShapesOptions): Dataset {
  const split = checkSplit('shapes', options.split);
  const { size = 32, count = DEFAULT_COUNT[split], seed = 0 } = options;
  if (!Number.isInteger(size) || size < 8 || size > 1024) {
    throw new ArgumentError(`shapes: size is ${size}, but must be an integer from 8 to 1024`);
  }
  if (!Number.isInteger(count) || count < 1 || count * size * size * CHANNELS > 2 ** 31) {
    throw new ArgumentError(`shapes: count is ${count}, but must be a positive integer, at most 2 GiB of images`);
  }
  const generator = new Generator(seed).fork(`shapes ${split}`);
  const sampleSize = CHANNELS * size * size;
  const images = new Uint8Array(count * sampleSize);
  const labels = Int32Array.from({ length: count }, (_, index) => index % CLASSES.length);
  for (let index = 0; index < count; index++) {
    drawImage(
      images.subarray(index * sampleSize, (index + 1) * sampleSize),
      size,
      OUTLINES[labels[index]!]!,
      generator,
    );
  }
  return {
    name: 'shapes',
    images,
    labels,
    shape: [CHANNELS, size, size],
    classes: CLASSES,
    length: count,
    normalization: SHAPES_NORMALIZATION,
  };
}

function drawImage(pixels: Uint8Array, size: number, outline: Outline, generator: Generator): void {
  const canvas = new Float64Array(pixels.length);
  const background = randomSurface(generator, randomColour(generator));
  const inFront = (): Surface => randomSurface(generator, brighterColour(generator, background.colour));
  paint(canvas, size, background, () => 1);
  paint(canvas, size, inFront(), placeOutline(outline, size, generator));
  for (let stroke = 0; stroke < STROKES; stroke++) paint(canvas, size, inFront(), randomStroke(size, generator));
  expose(canvas, pixels, size, generator);
}

/** Blends a surface over the canvas `[3, size, size]` where it covers it. */
function paint(canvas: Float64Array, size: number, { colour, tint, texture }: Surface, coverage: Coverage): void {
  const plane = size * size;
  for (let pixel = 0; pixel < plane; pixel++) {
    const x = pixel % size;
    const y = (pixel - x) / size;
    const alpha = coverage(x, y);
    if (alpha === 0) continue;
    const shade = texture(x, y);
    for (let channel = 0, at = pixel; channel < CHANNELS; channel++, at += plane) {
      const value = colour[channel]! + tint[channel]! * shade;
      canvas[at]! += alpha * (value - canvas[at]!);
    }
  }
}

/** Turns the canvas into bytes, under light that rises linearly in a random direction, with noise. */
function expose(canvas: Float64Array, pixels: Uint8Array, size: number, generator: Generator): void {
  const [directionX, directionY] = randomDirection(generator);
  const slope = between(generator, LIGHT) / size;
  const noise = between(generator, NOISE);
  const clamped = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length);
  for (let at = 0, channel = 0; channel < CHANNELS; channel++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++, at++) {
        const light = 1 + slope * (directionX * (x - size / 2) + directionY * (y - size / 2));
        clamped[at] = 255 * (canvas[at]! * light + noise * approximateNormal(generator));
      }
    }
  }
}

/** The outline, turned, stretched and moved to a random place where its centre is well inside the image. */
function placeOutline(outline: Outline, size: number, generator: Generator): Coverage {
  const slope = between(generator, TILT);
  const cos = 1 / Math.sqrt(1 + slope * slope);
  const sin = slope * cos;
  const radius = size * between(generator, RADIUS);
  const stretch = between(generator, STRETCH);
  const centreX = size * between(generator, CENTRE);
  const centreY = size * between(generator, CENTRE);
  return (x, y) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    if (dx * dx + dy * dy > 1.4) return 0;
    const distance = outline((cos * dx + sin * dy) / stretch, cos * dy - sin * dx);
    // One pixel of the edge is blended, which is what a camera would see.
    return Math.min(1, Math.max(0, 0.5 - distance * radius));
  };
}

/** A straight stroke through the image, one to two pixels wide at size 32. */
function randomStroke(size: number, generator: Generator): Coverage {
  const [normalX, normalY] = randomDirection(generator);
  const halfWidth = (size / 32) * (0.5 + 0.5 * generator.uniform());
  const offset = normalX * size * generator.uniform() + normalY * size * generator.uniform();
  return (x, y) => Math.min(1, Math.max(0, halfWidth + 0.5 - Math.abs(normalX * x + normalY * y - offset)));
}

function randomSurface(generator: Generator, colour: Colour): Surface {
  const amplitude = between(generator, TEXTURE_AMPLITUDE);
  const direction = randomColourDirection(generator);
  const tint = direction.map((value) => value * amplitude * Math.sqrt(CHANNELS)) as [number, number, number];
  return { colour, tint, texture: randomTexture(generator) };
}

function randomColour(generator: Generator): Colour {
  return [between(generator, BASE_COLOUR), between(generator, BASE_COLOUR), between(generator, BASE_COLOUR)];
}

/** A brighter colour: it differs in hue too, but a grey photograph would still show the shape. */
function brighterColour(generator: Generator, other: Colour): Colour {
  const contrast = between(generator, CONTRAST);
  const hue = randomColourDirection(generator);
  return other.map((value, channel) => value + contrast * (1 + hue[channel]!)) as [number, number, number];
}

function randomColourDirection(generator: Generator): Colour {
  const direction = [generator.normal(), generator.normal(), generator.normal()] as const;
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  return direction.map((value) => value / norm) as [number, number, number];
}
