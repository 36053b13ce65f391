/**
 * @file The built-in pictures, painted by formulas. Each shows something else that pooling does.
 */
import type { PictureName } from '../state/playgroundState.js';
import { hasInk } from './letters.js';
import { fractalNoise, hash, mix, smooth } from './noise.js';
import { type Painter, type Picture, paint } from './picture.js';

export type BuiltInPicture = Exclude<PictureName, 'own'>;

/** Height and width of the built-in pictures, in pixels. */
export const PICTURE_SIZE = 192;

/** Hills under an evening sky: smooth surfaces, soft edges. */
const landscape: Painter = (x, y) => {
  const sun = smooth((0.13 - Math.hypot(x - 0.7, y - 0.3)) / 0.02);
  const cloud = smooth((fractalNoise(x * 4, y * 14, 3) - 0.5) * 4) * 0.35;
  const sky = [mix(0.96, 0.4, 1 - y) + cloud, mix(0.66, 0.56, 1 - y) + cloud, mix(0.5, 0.82, 1 - y) + cloud * 0.6];
  let [red, green, blue] = sky.map((value, channel) => mix(value, [1, 0.93, 0.7][channel]!, sun)) as Colour;
  for (const [base, rough, tone, seed] of HILLS) {
    if (y < base + rough * (fractalNoise(x * 3.2, seed, seed) - 0.5)) continue;
    const leaf = 0.8 + 0.4 * fractalNoise(x * 30, y * 30, seed + 9, 3);
    [red, green, blue] = [0.3 * tone * leaf, 0.46 * tone * leaf, mix(0.36, 0.2, base) * tone * leaf];
  }
  return [red, green, blue];
};
type Colour = [number, number, number];
const HILLS = [
  [0.52, 0.3, 1.25, 11],
  [0.66, 0.34, 0.85, 12],
  [0.82, 0.3, 0.5, 13],
] as const;

/** A town at night: small bright windows on dark walls, where max pooling makes everything larger. */
const city: Painter = (x, y) => {
  const moon = Math.hypot(x - 0.2, y - 0.18) < 0.07 && Math.hypot(x - 0.225, y - 0.165) > 0.06;
  if (moon) return [0.98, 0.95, 0.82];
  const glow = smooth(y * 1.2) * 0.28;
  let colour: Colour = [0.05 + glow, 0.07 + glow * 0.6, 0.16 + glow * 0.55];
  if (y < 0.45 && hash(Math.floor(x * 96), Math.floor(y * 96), 5) > 0.985) colour = [0.8, 0.85, 0.95];
  for (const [width, low, high, seed] of STREETS) {
    const house = Math.floor(x / width);
    const top = mix(low, high, hash(house, 0, seed));
    if (y < top || (x / width - house) * width < 0.006) continue;
    const shade = seed * 0.012;
    colour = [0.13 - shade, 0.12 - shade, 0.17 - shade];
    const [column, row] = [x * 48, (y - top) * 40];
    const isWindow = column % 1 > 0.35 && row % 1 > 0.4 && row > 0.8;
    if (isWindow && hash(Math.floor(column), Math.floor(row), seed + house) > 0.55) {
      colour = hash(Math.floor(column), Math.floor(row), seed) > 0.25 ? [1, 0.82, 0.42] : [0.7, 0.86, 1];
    }
  }
  return colour;
};
const STREETS = [
  [0.11, 0.7, 0.38, 2],
  [0.17, 0.85, 0.55, 6],
] as const;

/** Stars before a faint nebula: single bright pixels, which averaging puts out. */
const stars: Painter = (x, y) => {
  const dust = smooth((fractalNoise(x * 3, y * 3, 21) - 0.42) * 3);
  const [column, row] = [Math.floor(x * 24), Math.floor(y * 24)];
  const [cx, cy] = [hash(column, row, 22), hash(column, row, 23)];
  const size = hash(column, row, 24) ** 6 * 0.2 + 0.05;
  const isStar = hash(column, row, 25) > 0.35 && Math.hypot(x * 24 - column - cx, y * 24 - row - cy) < size;
  if (isStar) return hash(column, row, 26) > 0.5 ? [1, 0.96, 0.88] : [0.84, 0.92, 1];
  return [0.03 + 0.22 * dust, 0.03 + 0.1 * dust, 0.08 + 0.26 * dust];
};

/** Rings that get finer outwards: where they are finer than the grid, other rings appear. */
const rings: Painter = (x, y) => {
  const wave = 0.5 + 0.5 * Math.cos(150 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) * Math.PI);
  return [mix(0.1, 0.96, wave), mix(0.16, 0.94, wave), mix(0.3, 0.88, wave)];
};

/** Woven cloth with a stripe: a fine regular pattern. */
const cloth: Painter = (x, y) => {
  const [warp, weft] = [Math.floor(x * 64), Math.floor(y * 64)];
  const isOver = (warp + weft) % 4 < 2;
  const thread = isOver ? Math.sin(x * 64 * Math.PI) ** 2 : Math.sin(y * 64 * Math.PI) ** 2;
  const light = (0.45 + 0.55 * thread) * (0.85 + 0.3 * fractalNoise(x * 5, y * 5, 31));
  const isStripe = isOver ? warp % 16 < 4 : weft % 16 < 4;
  return isStripe ? [0.9 * light, 0.86 * light, 0.78 * light] : [0.72 * light, 0.24 * light, 0.2 * light];
};

/** Print: thin dark strokes on bright paper, which max pooling eats. */
const letters: Painter = (x, y) => {
  const line = Math.floor(y * 11);
  const isHeadline = line === 2 || line === 3;
  const dots = isHeadline ? 48 : 96;
  const top = isHeadline ? 2 / 11 : line / 11;
  const paper = 0.93 + 0.05 * fractalNoise(x * 40, y * 40, 41, 2);
  const isMargin = x < 0.06 || x > 0.94 || line === 0 || line === 10;
  const text = isHeadline ? 'SOFTPOOL ' : ['SOFT POOL ', 'MAX AVG ', 'LOSE SOME ', 'SOFT MAX '][(line * 7) % 4]!;
  const ink = !isMargin && hasInk(text, (x - 0.06) * dots, (y - top) * dots - 0.6);
  return ink ? [0.13, 0.13, 0.2] : [paper, paper * 0.98, paper * 0.92];
};

const painters: Readonly<Record<BuiltInPicture, Painter>> = { landscape, city, stars, rings, cloth, letters };

/** One of the built-in pictures; `size` pixels high and wide. */
export function builtInPicture(name: BuiltInPicture, size = PICTURE_SIZE): Picture {
  return paint(size, painters[name]);
}
