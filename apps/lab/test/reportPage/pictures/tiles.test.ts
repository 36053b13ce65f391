import sharp from 'sharp';
import { expect, test } from 'vitest';
import { viridisIndex, viridisTable } from '../../../src/reportPage/pictures/colourScale.js';
import { pngAddress } from '../../../src/reportPage/pictures/pngAddress.js';
import { enlarged, heatTile, lightTile, montage } from '../../../src/reportPage/pictures/tiles.js';

const size = { width: 2, height: 1 };

test('one plane is grey, three are colours, and what lies outside is clipped', () => {
  expect([...lightTile([-1, 3], size, [0, 2]).rgba]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  expect([...lightTile([0, 1, 1, 0, 0.5, 0.5], size, [0, 1]).rgba]).toEqual([0, 255, 128, 255, 255, 0, 128, 255]);
});

test('heat goes from viridis’ dark blue to its yellow', () => {
  const { rgba } = heatTile([0, 1], size, [0, 1]);
  expect([...rgba.subarray(0, 3)]).toEqual([68, 1, 84]);
  expect([...rgba.subarray(4, 7)]).toEqual([253, 231, 37]);
});

test('its lightness only grows', () => {
  const table = viridisTable();
  const lightness = Array.from(
    { length: table.length / 3 },
    (_, i) => 0.3 * table[3 * i]! + 0.59 * table[3 * i + 1]! + 0.11 * table[3 * i + 2]!,
  );
  for (const [i, value] of lightness.slice(1).entries()) expect(value).toBeGreaterThan(lightness[i]! - 0.5);
  expect([viridisIndex(-1), viridisIndex(2)]).toEqual([0, table.length - 3]);
});

test('a constant map is a colour, not a division by zero', () => {
  expect([...heatTile([5, 5], size, [5, 5]).rgba.subarray(0, 3)]).toEqual([68, 1, 84]);
});

test('tiles lie row by row, with transparent gaps', () => {
  const [black, white] = [
    lightTile([0], { width: 1, height: 1 }, [0, 1]),
    lightTile([1], { width: 1, height: 1 }, [0, 1]),
  ];
  const { width, height, rgba } = montage([black, white, white], 2, 1);
  expect([width, height]).toEqual([3, 3]);
  const opacity = Array.from({ length: 9 }, (_, i) => rgba[4 * i + 3]);
  expect(opacity).toEqual([255, 0, 255, 0, 0, 0, 255, 0, 0]);
  expect([rgba[0], rgba[8], rgba[24]]).toEqual([0, 255, 255]);
});

test('a pixel becomes a block', () => {
  const { rgba } = enlarged(lightTile([0, 1], size, [0, 1]), 4, 2);
  expect(Array.from({ length: 8 }, (_, i) => rgba[4 * i])).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
});

test('the address holds the very pixels', async () => {
  const tile = montage([lightTile([0.2, 0.4], size, [0, 1]), lightTile([0.6, 0.8], size, [0, 1])], 2, 1);
  const address = await pngAddress(tile);
  const bytes = Buffer.from(address.replace('data:image/png;base64,', ''), 'base64');
  expect([...(await sharp(bytes).raw().toBuffer())]).toEqual([...tile.rgba]);
});
