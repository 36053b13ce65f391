import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { avgPool2d, broadcastTo, matmul, softPool1d, softPool2d, softPool3d, zeros } from '../../src/index.js';
import { convGeometry } from '../../src/kernels/convGeometry.js';
import { broadcastShapes, sizeOf } from '../../src/tensor/shape.js';
import { arbitraries } from '../../src/testing/index.js';

/** Shares of the samples that have each property: the arbitraries must reach every corner. */
function expectAllSeen<T>(arbitrary: fc.Arbitrary<T>, corners: Readonly<Record<string, (value: T) => boolean>>): void {
  const sample = fc.sample(arbitrary, { numRuns: 2000, seed: 1 });
  for (const [name, isCorner] of Object.entries(corners)) {
    expect(sample.filter(isCorner).length, name).toBeGreaterThan(20);
  }
}

describe('shapes and pairs', () => {
  test('shapes keep to their constraints', () => {
    fc.assert(
      fc.property(arbitraries.shapes({ minRank: 1, maxRank: 3, minSize: 2, maxSize: 5 }), (shape) => {
        expect(shape.length).toBeGreaterThanOrEqual(1);
        expect(shape.length).toBeLessThanOrEqual(3);
        expect(shape.every((size) => size >= 2 && size <= 5)).toBe(true);
      }),
    );
  });

  test('pairs broadcast to the shape they name', () => {
    fc.assert(
      fc.property(arbitraries.broadcastablePairs(), ({ a, b, out }) => {
        expect(broadcastShapes('test', a, b)).toEqual(out);
        expect(broadcastTo(zeros(a), out).shape).toEqual(out);
      }),
    );
    expectAllSeen(arbitraries.broadcastablePairs(), {
      'equal shapes': ({ a, b }) => a.length > 1 && `${a}` === `${b}`,
      'different ranks': ({ a, b }) => a.length !== b.length,
      'both are stretched': ({ a, b, out }) => `${a}` !== `${out}` && `${b}` !== `${out}`,
      scalars: ({ a }) => a.length === 0,
    });
  });

  test('matrix products fit', () => {
    fc.assert(
      fc.property(arbitraries.matmulShapes(), ({ a, b }) => {
        expect(() => matmul(zeros(a), zeros(b))).not.toThrow();
      }),
    );
    expectAllSeen(arbitraries.matmulShapes(), {
      vectors: ({ a, b }) => a.length === 1 && b.length === 1,
      'a batch on one side': ({ a, b }) => a.length > 2 && b.length === 2,
    });
  });
});

describe('values', () => {
  test('well-separated ones are apart from each other and from 0 by the margin', () => {
    fc.assert(
      fc.property(
        arbitraries.shapes().chain((shape) => arbitraries.wellSeparatedValues(shape)),
        (values) => {
          const margin = 4 / (2 * values.length + 4) - 1e-12;
          const sorted = [0, ...values].sort((a, b) => a - b);
          sorted.slice(1).forEach((value, i) => {
            expect(value - sorted[i]!).toBeGreaterThanOrEqual(margin);
          });
          expect(sorted.every((value) => Math.abs(value) <= 2)).toBe(true);
        },
      ),
    );
  });

  test('well-separated ones keep to their range', () => {
    fc.assert(
      fc.property(arbitraries.wellSeparatedValues([7], { low: 0.5, high: 1 }), (values) => {
        expect(values.every((value) => value > 0.5 && value < 1)).toBe(true);
      }),
    );
  });

  test('finite floats are float32, of every size, with ties and both zeros', () => {
    expectAllSeen(arbitraries.finiteFloats(), {
      'exact in float32': (value) => Math.fround(value) === value && Number.isFinite(value),
      'below -1000': (value) => value < -1000,
      'above 1000': (value) => value > 1000,
      'ordinary sizes': (value) => Math.abs(value) > 0.1 && Math.abs(value) < 4,
      zero: (value) => value === 0,
    });
    fc.assert(
      fc.property(arbitraries.finiteFloats({ min: -3, max: 50 }), (value) => {
        expect(Math.fround(value)).toBe(value);
        expect(value).toBeGreaterThanOrEqual(-3);
        expect(value).toBeLessThanOrEqual(50);
      }),
    );
  });

  test('labels are class numbers', () => {
    fc.assert(
      fc.property(arbitraries.labels(5, 3), (labels) => {
        expect(labels).toHaveLength(5);
        expect(labels.every((label) => Number.isInteger(label) && label >= 0 && label < 3)).toBe(true);
      }),
    );
  });
});

describe('pooling windows', () => {
  test.each([
    ['1d', arbitraries.poolingWindow1d, softPool1d],
    ['2d', arbitraries.poolingWindow2d, softPool2d],
    ['3d', arbitraries.poolingWindow3d, softPool3d],
  ])('in %s fit their inputs', (_, windows, pool) => {
    fc.assert(
      fc.property(windows(), ({ shape, ...window }) => {
        expect(sizeOf(pool(zeros(shape), window).shape)).toBeGreaterThan(0);
      }),
    );
  });

  test('without dilation suit average pooling', () => {
    fc.assert(
      fc.property(arbitraries.poolingWindow2d({ maxDilation: 1 }), ({ shape, dilation, ...window }) => {
        expect(dilation).toEqual([1, 1]);
        expect(() => avgPool2d(zeros(shape), window)).not.toThrow();
      }),
    );
  });

  test('overlap, leave gaps, pad, dilate, round up and lack a batch', () => {
    expectAllSeen(arbitraries.poolingWindow2d(), {
      overlap: ({ kernelSize, stride }) => kernelSize.every((k, i) => k > stride[i]!),
      gaps: ({ kernelSize, stride }) => kernelSize.every((k, i) => k < stride[i]!),
      padding: ({ padding }) => padding.every((p) => p > 0),
      dilation: ({ dilation, kernelSize }) => dilation.every((d, i) => d > 1 && kernelSize[i]! > 1),
      'ceil mode': ({ ceilMode }) => ceilMode,
      unbatched: ({ shape }) => shape.length === 3,
      'axes that differ': ({ kernelSize: [a, b] }) => a !== b,
    });
  });
});

describe('convolutions', () => {
  test.each([
    ['1d', arbitraries.convolution1d, 1],
    ['2d', arbitraries.convolution2d, 2],
    ['3d', arbitraries.convolution3d, 3],
  ] as const)('in %s fit their inputs', (_, convolutions, rank) => {
    fc.assert(
      fc.property(convolutions(), ({ shape, weightShape, ...options }) => {
        expect(() => convGeometry('conv', shape, weightShape, rank, options)).not.toThrow();
      }),
    );
  });

  test('have groups, depthwise ones too, strides, padding and dilation', () => {
    expectAllSeen(arbitraries.convolution2d(), {
      groups: ({ groups }) => groups > 1,
      depthwise: ({ groups, weightShape }) => groups > 1 && weightShape[1] === 1,
      strides: ({ stride }) => stride.every((s) => s > 1),
      padding: ({ padding }) => padding.every((p) => p > 0),
      dilation: ({ dilation, weightShape }) => dilation.every((d, i) => d > 1 && weightShape[i + 2]! > 1),
      'padding alone on one side': ({ padding, weightShape }) => padding.some((p, i) => p >= weightShape[i + 2]!),
    });
  });
});
