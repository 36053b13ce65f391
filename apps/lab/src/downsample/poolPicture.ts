/**
 * @file Pools a picture by one of the registry's strategies.
 */
import { manualSeed, noGrad, scope, type Tensor, tensor } from 'softgrad';
import * as nn from 'softgrad/nn';
import { frameSize, type Picture } from '../images/picture.js';
import type { PoolSteps } from './grid.js';

export interface PoolSettings extends PoolSteps {
  /** Pool over time as well. */
  readonly temporal: boolean;
  /** What white counts as, black being 0: most strategies weigh values by functions that aren't scale invariant. */
  readonly white: number;
  /** Of what a strategy draws, its initial weights included. */
  readonly seed: number;
}

export interface PooledPicture {
  readonly picture: Picture;
  /** How many numbers the strategy would learn. They are as initialised: nothing is trained here. */
  readonly parameters: number;
  /** Share of values that lay outside black … white and were clipped. */
  readonly clipped: number;
}

/**
 * The picture pooled by a strategy in evaluation mode, frame by frame or over time too. Values are sRGB encoded, as in the file.
 *
 * @throws Error if the strategy isn't made for this geometry or gives values that are not finite
 */
export async function poolPicture(name: string, picture: Picture, settings: PoolSettings): Promise<PooledPicture> {
  const { kernel, stride, temporal, seed } = settings;
  manualSeed(seed);
  const window = { kernelSize: kernel, stride, channels: picture.channels };
  const layer = nn.pool(name, { ...window, rank: temporal ? 3 : 2 }).eval();
  const clips = temporal ? [picture.frames] : picture.frames.map((frame) => [frame]);
  const pooled: Float32Array[] = [];
  let shape: readonly number[] = [];
  for (const frames of clips) {
    const y = scope(() => noGrad(() => poolClip(layer, inputTensor(picture, frames, settings), settings.levels)));
    shape = y.shape;
    pooled.push(...framesOf(y, await y.data()));
    y.dispose();
  }
  const [height = 0, width = 0] = shape.slice(-2);
  const { frames, clipped } = clip(pooled, settings.white, name);
  return {
    picture: { ...picture, width, height, frames, delays: frames.map(() => 0) },
    parameters: layer.parameters().reduce((sum, { size }) => sum + size, 0),
    clipped,
  };
}

function poolClip(layer: nn.Module, x: Tensor, levels: number): Tensor {
  let y = x;
  for (let level = 0; level < levels; level++) y = layer.forward(y);
  return y;
}

/** `[1, C, H, W]`, or over time `[1, C, T, H, W]`, times what white counts as. */
function inputTensor(picture: Picture, frames: readonly Float32Array[], { temporal, white }: PoolSettings): Tensor {
  const { width, height, channels } = picture;
  const [pixels, count] = [width * height, frames.length];
  const values = new Float32Array(frameSize(picture) * count);
  frames.forEach((frame, t) => {
    for (let channel = 0; channel < channels; channel++) {
      const to = (channel * count + t) * pixels;
      for (let i = 0; i < pixels; i++) values[to + i] = frame[channel * pixels + i]! * white;
    }
  });
  return tensor(values, { shape: [1, channels, ...(temporal ? [count] : []), height, width] });
}

/** The frames `[C, H, W]` of `[1, C, H, W]` or `[1, C, T, H, W]`. */
function framesOf({ shape, size }: Tensor, values: ArrayLike<number>): Float32Array[] {
  const [, channels = 1, ...spatial] = shape;
  const count = spatial.length === 3 ? (spatial[0] ?? 1) : 1;
  const pixels = size / (channels * count);
  return Array.from({ length: count }, (_, t) => {
    const frame = new Float32Array(channels * pixels);
    for (let channel = 0; channel < channels; channel++) {
      const from = (channel * count + t) * pixels;
      for (let i = 0; i < pixels; i++) frame[channel * pixels + i] = values[from + i]!;
    }
    return frame;
  });
}

function clip(
  frames: readonly Float32Array[],
  white: number,
  name: string,
): { frames: Float32Array[]; clipped: number } {
  let [outside, count] = [0, 0];
  const clippedFrames = frames.map((frame) => {
    count += frame.length;
    return frame.map((value) => {
      if (!Number.isFinite(value))
        throw new Error(`${name} pooling gave ${value} with white as ${white}; try another --scale`);
      const share = value / white;
      if (share < -ROUNDING || share > 1 + ROUNDING) outside++;
      return Math.min(1, Math.max(0, share));
    });
  });
  return { frames: clippedFrames, clipped: outside / count };
}

/** What float32 may add to a window of white pixels. */
const ROUNDING = 1e-5;
