import { manualSeed } from 'softgrad';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { multiplyAdds } from '../../src/study/multiplyAdds.js';

/** Output positions · output channels · (input channels · kernel size). */
const conv = (side: number, outChannels: number, inChannels: number, kernel: number): number =>
  side * side * outChannels * inChannels * kernel * kernel;

describe('multiplyAdds of one 32×32 image', () => {
  test('smallCnn: three convolutions and a linear layer', () => {
    const expected = conv(32, 16, 3, 3) + conv(16, 32, 16, 3) + conv(8, 64, 32, 3) + 64 * 10;
    expect(expected).toBe(2_802_304);
    expect(multiplyAdds(nn.models.smallCnn(), [3, 32, 32])).toBe(expected);
  });

  test('resnet8: a stem, three blocks, two 1×1 shortcuts and a linear layer', () => {
    const stem = conv(32, 16, 3, 3);
    const first = 2 * conv(32, 16, 16, 3);
    const second = conv(16, 32, 16, 3) + conv(16, 32, 32, 3) + conv(16, 32, 16, 1);
    const third = conv(8, 64, 32, 3) + conv(8, 64, 64, 3) + conv(8, 64, 32, 1);
    const expected = stem + first + second + third + 64 * 10;
    expect(expected).toBe(12_501_632);
    expect(multiplyAdds(nn.models.resnet8(), [3, 32, 32])).toBe(expected);
  });

  /** Two pools with windows of 4 cells: 16 channels of 32×32 and 32 of 16×16. */
  const poolings: Readonly<Record<string, number>> = {
    conv: conv(16, 16, 16, 2) + conv(8, 32, 32, 2),
    gated: conv(16, 16, 1, 2) + conv(8, 32, 1, 2),
    lip: conv(32, 16, 16, 1) + conv(16, 32, 32, 1),
  };

  test.each(nn.poolNames())('%s pooling costs what it convolves', (pool) => {
    expect(multiplyAdds(nn.models.smallCnn({ pool }), [3, 32, 32])).toBe(2_802_304 + (poolings[pool] ?? 0));
  });

  test('leaves mode, statistics and weights as they were', () => {
    manualSeed(1);
    const model = nn.models.smallCnn();
    const before = Object.values(model.stateDict()).map((value) => [...value.dataSync()]);
    multiplyAdds(model, [3, 32, 32]);
    expect(model.modules().every(({ training }) => training)).toBe(true);
    expect(Object.values(model.stateDict()).map((value) => [...value.dataSync()])).toEqual(before);
  });
});
