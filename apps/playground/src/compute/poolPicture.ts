/**
 * @file Pools pictures, and puts the small result back onto the grid of the large one to compare them.
 */
import { tensor } from 'softgrad';
import { activation, type Picture } from '../pictures/picture.js';
import { type PoolSettings, poolTensor } from './strategies.js';

const ACTIVATIONS = activation(1) - activation(0);

/**
 * A pooled picture `[3, height, width]`.
 *
 * β counts in activations, of which `activation` lays six on the way from black to white. SoftPool of 6x − 2 with β is 6y − 2,
 * y SoftPool of x with 6β; so the brightness itself is pooled.
 */
export function poolPicture(picture: Picture, name: string, settings: PoolSettings): Picture {
  const { width, height, planes } = picture;
  const x = tensor(planes, { shape: [3, height, width] });
  const y = poolTensor(name, x, { ...settings, beta: settings.beta * ACTIVATIONS });
  const pooled = { height: y.shape[1]!, width: y.shape[2]!, planes: Float32Array.from(y.dataSync()) };
  x.dispose();
  y.dispose();
  return pooled;
}

/**
 * Enlarges a pooled picture to the grid it came from: each output stands at the centre of its window, and what lies between
 * outputs is interpolated linearly.
 */
export function enlarge(pooled: Picture, to: Pick<Picture, 'width' | 'height'>, settings: PoolSettings): Picture {
  const columns = interpolation(to.width, pooled.width, settings);
  const rows = interpolation(to.height, pooled.height, settings);
  const planes = new Float32Array(3 * to.width * to.height);
  for (let channel = 0, at = 0; channel < 3; channel++) {
    const plane = pooled.planes.subarray(channel * pooled.width * pooled.height);
    for (const row of rows) {
      for (const column of columns) {
        const above = blend(plane, row.low * pooled.width, column);
        const below = row.share === 0 ? above : blend(plane, (row.low + 1) * pooled.width, column);
        planes[at++] = above + row.share * (below - above);
      }
    }
  }
  return { width: to.width, height: to.height, planes };
}

/** Between which two outputs a cell lies, and how near to the second. */
interface Between {
  readonly low: number;
  readonly share: number;
}

function interpolation(size: number, outputs: number, { kernel, stride, padding }: PoolSettings): Between[] {
  const firstCentre = (kernel - 1) / 2 - Math.min(padding, Math.floor(kernel / 2));
  return Array.from({ length: size }, (_, cell) => {
    const position = Math.min(outputs - 1, Math.max(0, (cell - firstCentre) / stride));
    const low = Math.floor(position);
    return { low, share: position - low };
  });
}

function blend(plane: Float32Array, start: number, { low, share }: Between): number {
  const left = plane[start + low]!;
  return share === 0 ? left : left + share * (plane[start + low + 1]! - left);
}
