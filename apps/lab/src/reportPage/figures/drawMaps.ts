/**
 * @file What one pooling layer makes of a few channels of one sample.
 */
import { waveChart } from '../charts/waveChart.js';
import { channelOf, type FeatureMaps } from '../evidence/featureMaps.js';
import type { PoolingMaps } from '../evidence/poolingMaps.js';
import { enlarged, heatTile, montage, type Tile } from '../pictures/tiles.js';
import { type Drawing, evenly, pixels, rangeOf } from './drawing.js';

/** Tiles in a row: channels of a picture, or frames of a clip. */
const COLUMNS = 6;
/** Channels of waveforms and of clips. */
const FEW = 3;
const LEAST_TILE = 32;
const GAP = 2;

export type MapDrawing =
  | {
      readonly kind: 'pair';
      readonly before: Drawing;
      readonly after: Drawing;
      /** Of the width that a full row takes: fewer tiles aren't larger ones. */
      readonly share: number;
    }
  | { readonly kind: 'overlay'; readonly waves: readonly Drawing[] };

/** How many channels are shown of a sample with so many spatial axes. */
export function shownChannels(rank: number): number {
  return rank === 2 ? COLUMNS : rank === 3 ? 2 : FEW;
}

/** The channels whose values vary most before the pooling; an idle channel shows nothing. */
export function liveliestChannels({ before }: PoolingMaps, count: number): number[] {
  const channels = Array.from({ length: before.shape[0] ?? 0 }, (_, channel) => channel);
  const spread = channels.map((channel) => deviation(channelOf(before, channel)));
  const best = channels.toSorted((a, b) => (spread[b] ?? 0) - (spread[a] ?? 0) || a - b).slice(0, count);
  return best.sort((a, b) => a - b);
}

/**
 * Before and after have one scale for each channel, so what a pooling does to the size of values can be seen.
 *
 * @param stroke of what comes out, where maps are lines
 */
export async function drawMaps(
  maps: PoolingMaps,
  channels: readonly number[],
  { label, stroke }: { readonly label: string; readonly stroke: string },
): Promise<MapDrawing> {
  const rank = maps.before.shape.length - 1;
  const ranges = channels.map((channel) => rangeOf(channelOf(maps.before, channel), channelOf(maps.after, channel)));
  if (rank === 1) {
    const waves = channels.map((channel, i): Drawing => {
      const before = { values: channelOf(maps.before, channel), stroke: 'var(--ink-soft)', strokeWidth: 0.75 };
      const after = { values: channelOf(maps.after, channel), stroke, strokeWidth: 2, stepped: true };
      const options = { width: 336, height: 58, domain: widened(ranges[i]) };
      return { kind: 'lines', svg: waveChart(`${label}, channel ${channel}`, [before, after], options) };
    });
    return { kind: 'overlay', waves };
  }
  const columns = rank === 2 ? COLUMNS : Math.min(COLUMNS, maps.after.shape[1] ?? 1);
  const size = tileSize(maps.before);
  const draw = (side: FeatureMaps): Promise<Drawing> => {
    const tiles = channels.flatMap((channel, i) => channelTiles(side, channel, ranges[i] ?? [0, 1], columns));
    return pixels(
      montage(
        tiles.map((tile) => enlarged(tile, size.width, size.height)),
        columns,
        GAP,
      ),
    );
  };
  return { kind: 'pair', before: await draw(maps.before), after: await draw(maps.after), share: columns / COLUMNS };
}

/** One tile of a picture's channel; of a clip's, evenly spread frames, which pooling leaves beside each other. */
function channelTiles(maps: FeatureMaps, channel: number, range: readonly [number, number], frames: number): Tile[] {
  const values = channelOf(maps, channel);
  const [height = 1, width = 1] = maps.shape.slice(-2);
  const depth = maps.shape.length === 4 ? (maps.shape[1] ?? 1) : 1;
  return evenly(depth, frames).map((frame) => {
    const from = frame * height * width;
    return heatTile(values.subarray(from, from + height * width), { width, height }, range);
  });
}

function tileSize({ shape }: FeatureMaps): Pick<Tile, 'width' | 'height'> {
  const [height = 1, width = 1] = shape.slice(-2);
  const block = Math.ceil(LEAST_TILE / Math.min(height, width));
  return { width: width * block, height: height * block };
}

function widened([low, high]: readonly [number, number] = [0, 1]): [number, number] {
  return low === high ? [low - 1, high + 1] : [low, high];
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
