import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convGeometries, convOperands, type Pass, referencePass } from './convReference.js';
import { runConvPass } from './runConvPass.js';
import { firstMismatch, KernelRig, variants } from './support.js';

const geometries = convGeometries(
  fc.oneof(
    fc.record({ input: fc.integer({ min: 1, max: 9 }), output: fc.integer({ min: 1, max: 14 }) }),
    fc.record({ input: fc.integer({ min: 1, max: 3 }), output: fc.integer({ min: 15, max: 60 }) }),
  ),
);

describe.each(variants)('conv ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  describe.each<Pass>(['forward', 'inputGrad', 'weightGrad'])('%s', (pass) => {
    test('equals float64 loops for any stride, padding, dilation, groups and rank, NaN and infinity included', () => {
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
