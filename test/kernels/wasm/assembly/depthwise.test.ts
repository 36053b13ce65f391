import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConvGeometry } from '../../../../src/kernels/convGeometry.js';
import { isDepthwise } from '../../../../src/kernels/wasm/depthwiseConv.js';
import { convGeometries, convOperands, type Pass, referencePass } from './convReference.js';
import { type ConvRun, runConvPass } from './runConvPass.js';
import { firstMismatch, KernelRig, variants } from './support.js';

/** One channel in per group: out one, as depthwise, up to two, which the kernels treat as rows of their own, and more. */
const anyWindows = convGeometries(
  fc.record({ input: fc.constant(1), output: fc.constantFrom(1, 1, 1, 2, 3) }),
  fc.integer({ min: 1, max: 20 }),
);

/** What the depthwise loop takes; wide planes are cut into bands. */
const windows3x3: fc.Arbitrary<ConvGeometry> = fc
  .record({
    batch: fc.integer({ min: 0, max: 3 }),
    channels: fc.integer({ min: 1, max: 20 }),
    depth: fc.constantFrom(1, 1, 3),
    size: fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 4, max: 36 })),
      fc.tuple(fc.integer({ min: 20, max: 36 }), fc.integer({ min: 260, max: 400 })),
    ),
    padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  })
  .map(({ batch, channels, depth, size: [height, width], padding: [padHeight, padWidth] }) => ({
    batch,
    inChannels: channels,
    outChannels: channels,
    groups: channels,
    input: [depth, height, width] as const,
    output: [depth, height + 2 * padHeight - 2, width + 2 * padWidth - 2] as const,
    kernel: [1, 3, 3] as const,
    stride: [1, 1, 1] as const,
    padding: [0, padHeight, padWidth] as const,
    dilation: [1, 1, 1] as const,
  }))
  .filter((g) => isDepthwise(g) && g.output[1] > 0)
  .filter((g) => g.batch * g.inChannels * g.input[0] * g.input[1] * g.input[2] < 3e4);

interface Kernels {
  readonly family: ConvRun['family'];
  readonly name: string;
  readonly geometries: fc.Arbitrary<ConvGeometry>;
}

const kernels: readonly Kernels[] = [
  { family: 'depthwise', name: '3×3 in a loop of its own', geometries: windows3x3 },
  { family: 'conv', name: 'any multiplier, window and rank by the general kernels', geometries: anyWindows },
];

describe.each(variants)('depthwise conv ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  describe.each(kernels)('$name', ({ family, geometries }) => {
    test.each<Pass>(['forward', 'inputGrad', 'weightGrad'])(
      '%s equals float64 loops, NaN and infinity included',
      (pass) => {
        fc.assert(
          fc.property(geometries, fc.integer(), fc.boolean(), fc.boolean(), (geometry, seed, wild, relu) => {
            const operands = convOperands(geometry, seed, wild);
            const actual = runConvPass(rig, operands, { family, pass, geometry, relu, ranges: 1 });
            const { values, scale } = referencePass(pass, geometry, operands, relu);
            expect(firstMismatch(actual, values, scale, 2e-6)).toBeUndefined();
          }),
          { numRuns: 250 },
        );
      },
    );

    test.each<Pass>(['forward', 'inputGrad', 'weightGrad'])('%s gives the same bits in 1, 2 and 3 ranges', (pass) => {
      fc.assert(
        fc.property(geometries, fc.integer(), (geometry, seed) => {
          const operands = convOperands(geometry, seed, false);
          const inRanges = (ranges: number): Float32Array =>
            runConvPass(rig, operands, { family, pass, geometry, relu: false, ranges });
          const whole = inRanges(1);
          expect(inRanges(2)).toEqual(whole);
          expect(inRanges(3)).toEqual(whole);
        }),
        { numRuns: 50 },
      );
    });
  });
});
