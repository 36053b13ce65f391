/**
 * @file A sample of a data set: a picture, a waveform, or frames of a clip.
 */
import { type Dataset, subset } from 'softgrad/data';
import { waveChart } from '../charts/waveChart.js';
import { lightTile, montage, type Tile } from '../pictures/tiles.js';
import { type Drawing, evenly, pixels, rangeOf } from './drawing.js';

const FRAMES = 6;
const FRAME_COLUMNS = 3;

/** @param label what it is, for people who can't see it */
export async function drawSample(dataset: Dataset, index: number, label: string): Promise<Drawing> {
  const { images } = subset(dataset, [index]);
  const [channels = 1, ...spatial] = dataset.shape;
  if (spatial.length === 1)
    return { kind: 'lines', svg: waveChart(label, [{ values: images.subarray(0, spatial[0]) }]) };
  const range: [number, number] = images instanceof Uint8Array ? [0, 255] : rangeOf(images);
  if (spatial.length === 2) {
    const [height = 1, width = 1] = spatial;
    return pixels(lightTile(images, { width, height }, range));
  }
  const [frames = 1, height = 1, width = 1] = spatial;
  const tiles = evenly(frames, FRAMES).map((frame): Tile => {
    const planes = Array.from({ length: channels }, (_, channel) => {
      const from = (channel * frames + frame) * height * width;
      return Array.from(images.subarray(from, from + height * width));
    });
    return lightTile(planes.flat(), { width, height }, range);
  });
  return pixels(montage(tiles, FRAME_COLUMNS, 1));
}
