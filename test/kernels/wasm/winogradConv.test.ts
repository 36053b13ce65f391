import { describe, expect, test } from 'vitest';
import { convGeometry } from '../../../src/kernels/convGeometry.js';
import { winogradTile } from '../../../src/kernels/wasm/winogradConv.js';

/** The tile for x [N, in, …size] and weight [out, in/groups, …kernel]. */
function tileOf(shape: number[], weight: number[], options = {}): number | undefined {
  return winogradTile(convGeometry('conv', shape, weight, (shape.length - 2) as 1 | 2 | 3, { padding: 1, ...options }));
}

describe('Winograd tiles', () => {
  test.each([
    ['32×32, 16 channels', [128, 16, 32, 32], 4],
    ['8×8, 64 channels', [128, 64, 8, 8], 4],
    ['8 channels', [32, 8, 32, 32], 4],
    ['2×2, 64 channels: mostly outside a tile of 4×4', [64, 64, 2, 2], 2],
    ['one 8×8 image: four tiles of 4×4', [1, 64, 8, 8], 2],
    ['one 8×8 image of 8 channels: direct', [1, 8, 8, 8], undefined],
    ['3 channels: direct', [128, 3, 32, 32], undefined],
  ] as const)('%s', (_, [batch, channels, height, width], tile) => {
    expect(tileOf([batch, channels, height, width], [Math.max(channels, 16), channels, 3, 3])).toBe(tile);
  });

  test.each([
    ['stride 2', [16, 16, 3, 3], { stride: 2 }],
    ['dilation 2', [16, 16, 3, 3], { dilation: 2, padding: 2 }],
    ['groups', [16, 8, 3, 3], { groups: 2 }],
    ['1×1', [16, 16, 1, 1], { padding: 0 }],
    ['5×5', [16, 16, 5, 5], { padding: 2 }],
  ])('%s is direct', (_, weight, options) => {
    expect(tileOf([64, 16, 16, 16], weight, options)).toBeUndefined();
  });

  test('1×3×3 of three dimensions is Winograd’s, 3×3×3 is not', () => {
    const shape = [8, 16, 4, 16, 16];
    expect(tileOf(shape, [16, 16, 1, 3, 3], { padding: [0, 1, 1] })).toBe(4);
    expect(tileOf(shape, [16, 16, 3, 3, 3])).toBeUndefined();
  });
});
