/**
 * @file `clips`: a procedural video classification task of eight classes, in which nothing but time tells the class.
 *
 * One shape stands at a place, an angle and a size, which all differ from frame to frame. In each clip one of the four (across,
 * down, angle, size) changes steadily, and begins again at its other end when it has come to one; the other three change at
 * random. Which one it is, and in which direction it goes, is the class.
 *
 * The frames are drawn before the class is looked at, which then only decides their order, and the steady change begins
 * anywhere. So every clip could be a clip of any class with its frames shuffled, and the frame at any given time is any of
 * them: neither a frame nor the set of all frames says anything about the class.
 */
import { ArgumentError } from '../errors.js';
import type { Generator } from '../tensor/generator.js';
import type { Dataset } from './dataset.js';
import { portableCosine, portableSine } from './portableSine.js';
import { type ProceduralOptions, proceduralDataset } from './proceduralDataset.js';
import { approximateNormal, between } from './randomValues.js';
import { type Outline, SHAPE_OUTLINES } from './shapeOutlines.js';

export interface ClipsOptions extends ProceduralOptions {
  /** Frames of a clip, T, a multiple of 4. Default 12. */
  readonly frames?: number | undefined;
  /** Height and width in pixels, default 16. */
  readonly size?: number | undefined;
}

/** Of 4,000 training clips with seed 0, by `computeNormalization`. */
export const CLIPS_NORMALIZATION = { mean: [0.4995], std: [0.1664] } as const;

/** How a shape stands in one frame, each from 0 to 1 within its range below. */
interface Pose {
  readonly across: number;
  readonly down: number;
  readonly angle: number;
  readonly size: number;
}

/** What changes steadily, and whether it grows. */
export interface Motion {
  readonly of: keyof Pose;
  readonly grows: boolean;
}

/** The motions by class, in the order of the labels. */
export const CLIP_MOTIONS = {
  right: { of: 'across', grows: true },
  left: { of: 'across', grows: false },
  down: { of: 'down', grows: true },
  up: { of: 'down', grows: false },
  clockwise: { of: 'angle', grows: true },
  counterclockwise: { of: 'angle', grows: false },
  growing: { of: 'size', grows: true },
  shrinking: { of: 'size', grows: false },
} as const satisfies Record<string, Motion>;

/** Outlines whose angle can be seen. */
const OUTLINES = ['crescent', 'arrow', 'corner'].map((name) => SHAPE_OUTLINES[name]!);

/** Frames of a lap: so many steps each quantity takes from one end to the other. */
const STEPS = 4;

/** What the poses of a clip span; lengths in fractions of the image size, angles in turns. */
const TRAVEL = 0.24;
const TURN = 0.45;
const RADIUS = [0.2, 0.44] as const;
/** What varies from clip to clip. */
const CENTRE = [0.45, 0.55] as const;
const BRIGHTNESS = [0.3, 0.7] as const;
const CONTRAST = [0.35, 0.6] as const;
const NOISE = [0.01, 0.05] as const;

/**
 * Generates the data set.
 *
 * @returns grey clips `[N, 1, frames, size, size]` as bytes; sample i has class i mod 8
 * @throws ArgumentError if an option is out of range
 */
export function clips(options: ClipsOptions): Dataset {
  const { frames = 12, size = 16 } = options;
  if (frames % STEPS !== 0 || frames < STEPS || frames > 256) {
    throw new ArgumentError(`clips: frames is ${frames}, but must be a multiple of ${STEPS} from ${STEPS} to 256`);
  }
  if (!Number.isInteger(size) || size < 8 || size > 256) {
    throw new ArgumentError(`clips: size is ${size}, but must be an integer from 8 to 256`);
  }
  const motions = Object.values(CLIP_MOTIONS);
  return proceduralDataset(
    {
      name: 'clips',
      shape: [1, frames, size, size],
      classes: Object.keys(CLIP_MOTIONS),
      normalization: CLIPS_NORMALIZATION,
      allocate: (values) => new Uint8Array(values),
      draw: (target, label, generator) => drawClip(target, { frames, size, motion: motions[label]! }, generator),
    },
    options,
  );
}

export interface ClipGeometry {
  readonly frames: number;
  readonly size: number;
  readonly motion: Motion;
}

/** Draws a clip `[1, frames, size, size]`; of one generator state, all motions have the same frames. */
export function drawClip(target: Uint8Array, { frames, size, motion }: ClipGeometry, generator: Generator): void {
  const outline = OUTLINES[generator.integer(OUTLINES.length)]!;
  const scene = randomScene(generator, size, outline);
  const laps = frames / STEPS;
  const poses = randomPoses(frames, generator);
  const drawn = poses.map((pose) => ({ pose, pixels: drawFrame(scene, pose, generator) }));
  const start = generator.integer(frames);
  // Sorting is stable: frames of the same step keep their order, and each goes to a lap of its own.
  drawn.sort((a, b) => a.pose[motion.of] - b.pose[motion.of]);
  drawn.forEach(({ pixels }, rank) => {
    const at = (Math.floor(rank / laps) + STEPS * (rank % laps) + start) % frames;
    target.set(pixels, (motion.grows ? at : frames - 1 - at) * size * size);
  });
}

/** Poses in which each quantity takes every one of as many steps as there are frames once, in an order of its own. */
function randomPoses(frames: number, generator: Generator): Pose[] {
  const steps = (): number[] => Array.from(generator.permutation(frames), (at) => (at % STEPS) / (STEPS - 1));
  const [across, down, angle, size] = [steps(), steps(), steps(), steps()];
  return across.map((value, i) => ({ across: value, down: down[i]!, angle: angle[i]!, size: size[i]! }));
}

/** What all frames of a clip share. */
interface Scene {
  readonly size: number;
  readonly outline: Outline;
  readonly centre: readonly [x: number, y: number];
  readonly turn: number;
  readonly background: number;
  readonly contrast: number;
  readonly noise: number;
}

function randomScene(generator: Generator, size: number, outline: Outline): Scene {
  const brightness = between(generator, BRIGHTNESS);
  const contrast = between(generator, CONTRAST);
  // Towards grey, or most shapes would be cut off at black or white.
  const sign = brightness < 0.5 ? 1 : -1;
  return {
    size,
    outline,
    centre: [between(generator, CENTRE), between(generator, CENTRE)],
    turn: generator.uniform(),
    background: brightness,
    contrast: sign * contrast,
    noise: between(generator, NOISE),
  };
}

function drawFrame(scene: Scene, pose: Pose, generator: Generator): Uint8ClampedArray {
  const { size, background, contrast, noise } = scene;
  const pixels = new Uint8ClampedArray(size * size);
  const coverage = placeOutline(scene, pose);
  for (let at = 0, y = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) {
      pixels[at] = 255 * (background + contrast * coverage(x + 0.5, y + 0.5) + noise * approximateNormal(generator));
    }
  }
  return pixels;
}

/** How much of a pixel the shape covers, 0 … 1. */
function placeOutline({ size, outline, centre, turn }: Scene, pose: Pose): (x: number, y: number) => number {
  const radius = size * (RADIUS[0] + (RADIUS[1] - RADIUS[0]) * pose.size);
  const centreX = size * (centre[0] + TRAVEL * (pose.across - 0.5));
  const centreY = size * (centre[1] + TRAVEL * (pose.down - 0.5));
  const angle = turn + TURN * pose.angle;
  const [cos, sin] = [portableCosine(angle), portableSine(angle)];
  return (x, y) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    // No outline reaches beyond this circle, and no edge further than half a pixel.
    if ((dx * dx + dy * dy) * radius * radius > (1.07 * radius + 0.5) ** 2) return 0;
    return Math.min(1, Math.max(0, 0.5 - radius * outline(cos * dx + sin * dy, cos * dy - sin * dx)));
  };
}
