/**
 * @file Waveforms and clips: maps, filters and samples of one and of three axes.
 */
import { Generator } from 'softgrad';
import { clips, DataLoader, waveforms } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { expect, test } from 'vitest';
import { firstFilters } from '../../../src/reportPage/evidence/firstFilters.js';
import { poolingMaps } from '../../../src/reportPage/evidence/poolingMaps.js';
import { drawFilters } from '../../../src/reportPage/figures/drawFilters.js';
import { drawMaps, liveliestChannels, shownChannels } from '../../../src/reportPage/figures/drawMaps.js';
import { drawSample } from '../../../src/reportPage/figures/drawSample.js';

const look = { label: 'pool1 of soft', stroke: 'var(--accent)' };

async function lookInto(model: string, dataset: ReturnType<typeof clips>) {
  const network = nn.models.createModel(model, {
    sampleShape: dataset.shape,
    pool: 'soft',
    generator: new Generator(1),
  });
  const [batch] = new DataLoader(dataset, { batchSize: 1 });
  const maps = await poolingMaps(network.eval(), batch!.x);
  const filters = await firstFilters(network);
  network.dispose();
  batch!.x.dispose();
  return { maps, filters: filters! };
}

test('waveforms: lines over time, before and after in one chart', async () => {
  const dataset = waveforms({ split: 'test', count: 1 });
  const { maps, filters } = await lookInto('waveformCnn', dataset);
  expect(maps.map(({ before, after }) => [before.shape[1], after.shape[1]])).toEqual([
    [512, 128],
    [128, 32],
    [32, 8],
    [8, 2],
  ]);
  const drawn = await drawMaps(maps[3]!, liveliestChannels(maps[3]!, shownChannels(1)), look);
  expect(drawn.kind).toBe('overlay');
  expect(drawn.kind === 'overlay' && drawn.waves.every(({ kind }) => kind === 'lines')).toBe(true);
  expect(await drawFilters(filters, 'soft')).toHaveLength(16);
  expect((await drawSample(dataset, 0, 'tone')).kind).toBe('lines');
});

test('clips: frames beside each other, those that pooling makes below those that it began with', async () => {
  const dataset = clips({ split: 'test', count: 1 });
  const { maps, filters } = await lookInto('resnet3d', dataset);
  expect(maps.map(({ before, after }) => [before.shape.slice(1), after.shape.slice(1)])).toEqual([
    [
      [12, 16, 16],
      [6, 8, 8],
    ],
    [
      [6, 8, 8],
      [3, 4, 4],
    ],
  ]);
  const channels = liveliestChannels(maps[1]!, shownChannels(3));
  const drawn = await drawMaps(maps[1]!, channels, look);
  if (drawn.kind !== 'pair' || drawn.before.kind !== 'pixels' || drawn.after.kind !== 'pixels')
    throw new Error('no pair');
  // Three frames of two channels, in tiles of 32 pixels with gaps of 2.
  expect([drawn.before.width, drawn.before.height]).toEqual([100, 66]);
  expect([drawn.after.width, drawn.after.height]).toEqual([100, 66]);
  expect(drawn.share).toBe(0.5);
  expect(await drawFilters(filters, 'soft')).toHaveLength(1);
  expect(await drawSample(dataset, 0, 'up')).toMatchObject({ kind: 'pixels', width: 3 * 16 + 2, height: 2 * 16 + 1 });
});
