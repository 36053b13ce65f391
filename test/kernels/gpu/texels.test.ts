import { describe, expect, test } from 'vitest';
import { maxTexels, textureSize } from '../../../src/kernels/gpu/adapters/texels.js';

describe('textures', () => {
  test('have room for every tensor that is not refused, and sides that the device allows', () => {
    for (let side = 2; side <= 24; side++) {
      for (let texels = 1; texels <= maxTexels(side); texels++) {
        const [width, height] = textureSize(texels);
        expect(width * height).toBeGreaterThanOrEqual(texels);
        expect(Math.max(width, height)).toBeLessThanOrEqual(side);
      }
    }
  });

  test('of one more texel would have a side that is too long', () => {
    for (const side of [60, 4096, 16384]) expect(Math.max(...textureSize(maxTexels(side) + 1))).toBeGreaterThan(side);
  });
});
