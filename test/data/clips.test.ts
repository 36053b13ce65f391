import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { CLIP_MOTIONS, drawClip } from '../../src/data/clips.js';
import { CLIPS_NORMALIZATION, clips, computeNormalization } from '../../src/data/index.js';
import { ArgumentError } from '../../src/errors.js';
import { Generator } from '../../src/tensor/generator.js';
import { nearestCentroid } from './nearestCentroid.js';

const [FRAMES, SIZE] = [12, 16];
const PLANE = SIZE * SIZE;
const motions = Object.entries(CLIP_MOTIONS);

const geometries = fc.record({
  seed: fc.integer(),
  frames: fc.constantFrom(4, 8, 12),
  size: fc.integer({ min: 8, max: 20 }),
});

/** The frames of the clip that follows from a seed, for each motion. */
function framesByMotion({ seed, frames, size }: { seed: number; frames: number; size: number }): string[][] {
  return motions.map(([, motion]) => {
    const clip = new Uint8Array(frames * size * size);
    drawClip(clip, { frames, size, motion }, new Generator(seed));
    return Array.from({ length: frames }, (_, i) => clip.subarray(i * size * size, (i + 1) * size * size).join());
  });
}

describe('clips', () => {
  test.prop([geometries, fc.integer({ min: 1, max: 10 })], { numRuns: 20 })(
    'repeats for a seed, and fewer are a prefix of more',
    (geometry, count) => {
      const few = clips({ split: 'train', ...geometry, count });
      const more = clips({ split: 'train', ...geometry, count: count + 5 });
      expect(more.images.subarray(0, few.images.length)).toEqual(few.images);
      expect(more.labels.subarray(0, count)).toEqual(few.labels);
    },
  );

  test('never changes: a checksum of eight clips', () => {
    const pixels = Uint8Array.from(clips({ split: 'train', count: 8 }).images);
    expect(pixels.reduce((hash, value) => (Math.imul(hash, 31) + value) | 0, 0)).toBe(807702350);
  });

  test('has eight classes in equal numbers, and other clips for another seed or split', () => {
    const train = clips({ split: 'train', count: 80 });
    expect(train.shape).toEqual([1, 12, 16, 16]);
    expect(train.classes).toEqual(motions.map(([name]) => name));
    for (let label = 0; label < 8; label++) expect(train.labels.filter((value) => value === label)).toHaveLength(10);
    expect(clips({ split: 'test', count: 80 }).images).not.toEqual(train.images);
    expect(clips({ split: 'train', count: 80, seed: 1 }).images).not.toEqual(train.images);
  });

  test('the given normalisation is that of the default training clips', () => {
    const { mean, std } = computeNormalization(clips({ split: 'train' }));
    expect(mean[0]).toBeCloseTo(CLIPS_NORMALIZATION.mean[0], 3);
    expect(std[0]).toBeCloseTo(CLIPS_NORMALIZATION.std[0], 3);
  });

  test.each<[string, Partial<Parameters<typeof clips>[0]>]>([
    ['10 frames', { frames: 10 }],
    ['no frames', { frames: 0 }],
    ['size 7', { size: 7 }],
    ['size 16.5', { size: 16.5 }],
    ['count 0', { count: 0 }],
    ['count 1e9', { count: 1e9 }],
    ['an unknown split', { split: JSON.parse('"valid"') }],
  ])('%s is refused', (_, options) => {
    expect(() => clips({ split: 'train', ...options })).toThrow(ArgumentError);
  });
});

describe('nothing but time tells the class of a clip', () => {
  test.prop([geometries])('all motions of a seed have the same frames, to the bit, in another order', (geometry) => {
    const clipOf = framesByMotion(geometry);
    const frames = clipOf.map((clip) => [...clip].sort());
    for (const other of frames) expect(other).toEqual(frames[0]);
    expect(new Set(frames[0]).size).toBe(geometry.frames);
  });

  test.prop([geometries])('opposite motions are each other, played backwards', (geometry) => {
    const clipOf = framesByMotion(geometry);
    for (let label = 0; label < clipOf.length; label += 2) {
      expect(clipOf[label + 1]).toEqual(clipOf[label]?.toReversed());
      expect(motions[label + 1]?.[1].of).toBe(motions[label]?.[1].of);
    }
  });

  test('who sees one frame, or all of them shuffled, can only guess; who sees them in order need not', () => {
    const [train, held] = [describeClips('train', 1600), describeClips('test', 800)];
    const accuracy = (view: (frames: FrameDescription[], clip: number) => number[]): number =>
      nearestCentroid({ train: train.map(view), held: held.map(view), classes: 8 });
    const shuffled = (frames: FrameDescription[], clip: number): FrameDescription[] =>
      new Generator(clip).shuffle([...frames]);
    // With 800 clips and eight classes guessing has a standard deviation of 1.2 points.
    expect(accuracy((frames) => Object.values(frames[0]!))).toBeLessThan(0.17);
    expect(accuracy((frames) => Object.values(frames[11]!))).toBeLessThan(0.17);
    expect(accuracy((frames, clip) => trends(shuffled(frames, clip)))).toBeLessThan(0.17);
    expect(accuracy(trends)).toBeGreaterThan(0.5);
  });
});

/** Where and how large the shape is in a frame, by what differs from the frame's border. */
interface FrameDescription {
  readonly across: number;
  readonly down: number;
  readonly size: number;
}

function describeClips(split: 'train' | 'test', count: number): FrameDescription[][] {
  const { images } = clips({ split, count });
  return Array.from({ length: count }, (_, clip) =>
    Array.from({ length: FRAMES }, (_, frame) => {
      const start = (clip * FRAMES + frame) * PLANE;
      return describeFrame(images.subarray(start, start + PLANE));
    }),
  );
}

function describeFrame(pixels: ArrayLike<number>): FrameDescription {
  const background = pixels[0]!;
  let [total, across, down] = [1, 0, 0];
  for (let at = 0; at < PLANE; at++) {
    // Noise rarely differs by more than this.
    const difference = Math.max(0, Math.abs(pixels[at]! - background) - 50);
    total += difference;
    across += difference * (at % SIZE);
    down += difference * Math.floor(at / SIZE);
  }
  return { across: across / total, down: down / total, size: Math.sqrt(total) };
}

/** How often each quantity rises from frame to frame, less how often it falls. */
function trends(frames: readonly FrameDescription[]): number[] {
  const rises = (quantity: keyof FrameDescription): number =>
    frames.reduce((sum, frame, i) => sum + (i > 0 ? Math.sign(frame[quantity] - frames[i - 1]![quantity]) : 0), 0);
  return [rises('across'), rises('down'), rises('size')];
}
