import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convGeometries, convOperands, type Pass, referencePass } from './convReference.js';
import { runConvPass } from './runConvPass.js';
import { firstMismatch, KernelRig, variants } from './support.js';

/** One channel in per group: out one, as depthwise, up to two, which the kernels treat as rows of their own, and more. */
const geometries = convGeometries(
  fc.record({ input: fc.constant(1), output: fc.constantFrom(1, 1, 1, 2, 3) }),
  fc.integer({ min: 1, max: 20 }),
);

describe.each(variants)('depthwise conv ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  describe.each<Pass>(['forward', 'inputGrad', 'weightGrad'])('%s', (pass) => {
    test('equals float64 loops for any channel multiplier, window and rank, NaN and infinity included', () => {
      fc.assert(
        fc.property(geometries, fc.integer(), fc.boolean(), fc.boolean(), (geometry, seed, wild, relu) => {
          const operands = convOperands(geometry, seed, wild);
          const actual = runConvPass(rig, operands, { family: 'conv', pass, geometry, relu, ranges: 1 });
          const { values, scale } = referencePass(pass, geometry, operands, relu);
          expect(firstMismatch(actual, values, scale, 2e-6)).toBeUndefined();
        }),
        { numRuns: 250 },
      );
    });

    test('gives the same bits in 1, 2 and 3 ranges', () => {
      fc.assert(
        fc.property(geometries, fc.integer(), (geometry, seed) => {
          const operands = convOperands(geometry, seed, false);
          const inRanges = (ranges: number): Float32Array =>
            runConvPass(rig, operands, { family: 'conv', pass, geometry, relu: false, ranges });
          const whole = inRanges(1);
          expect(inRanges(2)).toEqual(whole);
          expect(inRanges(3)).toEqual(whole);
        }),
        { numRuns: 50 },
      );
    });
  });
});
