/**
 * @file Reduces a picture by several poolings and by Lanczos's filter, and compares what comes out.
 */
import * as nn from 'softgrad/nn';
import { type DecodedPicture, decodeBytes } from '../images/decodePicture.js';
import { encodePicture } from '../images/encodePicture.js';
import type { Picture } from '../images/picture.js';
import { UsageError } from '../usageError.js';
import type { Downsampling, PoolingResult } from './downsampling.js';
import { type ClipGrid, clipGrid, covered } from './grid.js';
import { type PooledPicture, type PoolSettings, poolPicture } from './poolPicture.js';
import { enlargement, lanczosReduction } from './resample.js';
import { largestByteDifference, similarity } from './similarity.js';

export interface DownsampleSettings extends PoolSettings {
  readonly pools: readonly string[];
}

/** A picture that the reductions are compared with, such as one that somebody published. */
export interface GivenPicture {
  readonly file: string;
  readonly picture: Picture;
  /** Save the reductions as JPEGs of this quality before comparing, as the given picture was. */
  readonly jpegQuality?: number | undefined;
}

/** The pictures behind the numbers. */
export interface Reductions {
  /** The part of the original that the reductions stand for. */
  readonly original: Picture;
  readonly grid: ClipGrid;
  readonly lanczos: Picture;
  readonly pooled: ReadonlyMap<string, Picture>;
}

export interface DownsampleHooks {
  readonly given?: GivenPicture | undefined;
  readonly onPool?: ((pool: string, index: number) => void) | undefined;
}

/**
 * Reduces the picture by every pooling.
 *
 * @throws UsageError if an axis is shorter than the kernel, or the given picture isn't of the reductions' size
 */
export async function downsample(
  file: string,
  picture: DecodedPicture,
  settings: DownsampleSettings,
  { given, onPool }: DownsampleHooks = {},
): Promise<{ report: Omit<Downsampling, 'sheet'>; reductions: Reductions }> {
  const unshifted = reference(picture, settings);
  const { grid, lanczos } = unshifted;
  if (given) checkGiven(given, picture, grid);
  const original = covered(picture, grid);
  const pooled = new Map<string, Picture>();
  const poolings: PoolingResult[] = [];
  for (const [index, pool] of settings.pools.entries()) {
    onPool?.(pool, index);
    const result = await poolPicture(pool, picture, settings);
    checkSize(pool, result.picture, lanczos);
    pooled.set(pool, result.picture);
    const shift = nn.poolStrategy(pool).shift?.(settings.stride) ?? 0;
    const own = shift === 0 ? unshifted : reference(picture, settings, shift);
    poolings.push(await pooling(pool, result, { ...own, original }, given));
  }
  return {
    report: {
      ...describe(file, picture, settings, grid),
      lanczos: toOriginal(lanczos, original, grid),
      poolings,
      ...(given ? { given: { file: given.file, ...qualityOf(given) } } : {}),
      notes: [...picture.notes, ...coverageNote(grid)],
    },
    reductions: { original, grid, lanczos, pooled },
  };
}

/** Where cells lie that are so far behind their windows' centres, and what Lanczos's filter gives there. */
function reference(picture: Picture, settings: DownsampleSettings, shift = 0): Pick<Reductions, 'grid' | 'lanczos'> {
  const sizes = { frames: picture.frames.length, width: picture.width, height: picture.height };
  const grid = clipGrid(sizes, settings, settings.temporal, shift);
  return { grid, lanczos: clippedToRange(lanczosReduction(picture, grid)) };
}

async function pooling(
  pool: string,
  result: PooledPicture,
  { original, lanczos, grid }: Omit<Reductions, 'pooled'>,
  given: GivenPicture | undefined,
): Promise<PoolingResult> {
  return {
    ...{ pool, summary: nn.poolStrategy(pool).summary },
    ...{ untrainedParameters: result.parameters, clipped: result.clipped },
    toOriginal: toOriginal(result.picture, original, grid),
    toLanczos: similarity(result.picture, lanczos),
    ...(given ? { toGiven: await toGiven(result, given) } : {}),
  };
}

type Description = Pick<
  Downsampling,
  'format' | 'version' | 'file' | 'fileFormat' | 'channels' | 'original' | 'reduced' | 'covered' | 'settings'
>;

/** What was reduced, and how. */
function describe(
  file: string,
  { format, channels, frames, width, height }: DecodedPicture,
  settings: DownsampleSettings,
  grid: ClipGrid,
): Description {
  return {
    ...{ format: 'softgrad-downsampling', version: 1, file, fileFormat: format, channels },
    original: { frames: frames.length, width, height },
    reduced: { frames: grid.time.output, width: grid.width.output, height: grid.height.output },
    covered: {
      ...{ frames: grid.time.length, width: grid.width.length, height: grid.height.length },
      ...{ firstFrame: grid.time.start, left: grid.width.start, top: grid.height.start },
    },
    settings: plain(settings),
  };
}

function toOriginal(reduction: Picture, original: Picture, grid: ClipGrid): Downsampling['lanczos'] {
  return similarity(clippedToRange(enlargement(reduction, grid)), original);
}

/** What a screen can show: both filters overshoot at edges. */
function clippedToRange(picture: Picture): Picture {
  return { ...picture, frames: picture.frames.map((frame) => frame.map((value) => Math.min(1, Math.max(0, value)))) };
}

async function toGiven({ picture }: PooledPicture, given: GivenPicture): Promise<PoolingResult['toGiven']> {
  const { jpegQuality: quality } = given;
  const compared =
    quality === undefined
      ? picture
      : await decodeBytes('the reduction', await encodePicture(picture, 'jpeg', { quality }), {
          channels: picture.channels,
          maxPixels: Number.POSITIVE_INFINITY,
        });
  return {
    ...similarity(compared, given.picture),
    largestDifference: largestByteDifference(compared, given.picture),
  };
}

function checkGiven({ file, picture, jpegQuality }: GivenPicture, { channels }: Picture, grid: ClipGrid): void {
  const sizeOf = (frames: number, width: number, height: number): string =>
    frames > 1 ? `${frames} frames of ${width} × ${height} pixels` : `${width} × ${height} pixels`;
  const found = sizeOf(picture.frames.length, picture.width, picture.height);
  const needed = sizeOf(grid.time.output, grid.width.output, grid.height.output);
  if (found !== needed) throw new UsageError(`--against ${file} has ${found}; the reductions have ${needed}`);
  if (picture.channels !== channels) {
    const [its, ours] = [picture.channels, channels].map((count) => (count === 1 ? 'grey' : 'coloured'));
    throw new UsageError(`--against ${file} is ${its}; the reductions are ${ours}`);
  }
  if (jpegQuality !== undefined && picture.frames.length > 1) {
    throw new UsageError('--against-jpeg goes with a still picture; an animation is no JPEG');
  }
}

function checkSize(pool: string, picture: Picture, { width, height, frames }: Picture): void {
  const [found, needed] = [picture, { width, height, frames }].map(
    (p) => `${p.frames.length} × ${p.height} × ${p.width}`,
  );
  if (found !== needed) {
    throw new Error(`${pool} pooling gave ${found} cells where the others give ${needed}; leave it out of --pools`);
  }
}

function coverageNote({ time, height, width }: ClipGrid): string[] {
  const left = (axis: ClipGrid['time']): number => axis.input - axis.length;
  const parts = [
    ...(left(width) > 0 ? [`${left(width)} of ${width.input} columns`] : []),
    ...(left(height) > 0 ? [`${left(height)} of ${height.input} rows`] : []),
    ...(left(time) > 0 ? [`${left(time)} of ${time.input} frames`] : []),
  ];
  if (parts.length === 0) return [];
  return [
    `${new Intl.ListFormat('en').format(parts)} at the edges are not compared: the reduction doesn't stand for them`,
  ];
}

function plain({ pools, kernel, stride, levels, temporal, white, seed }: DownsampleSettings): Downsampling['settings'] {
  return { pools: [...pools], kernel, stride, levels, temporal, white, seed };
}

function qualityOf({ jpegQuality }: GivenPicture): { jpegQuality?: number } {
  return jpegQuality === undefined ? {} : { jpegQuality };
}
