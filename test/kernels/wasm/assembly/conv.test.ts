import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConvGeometry } from '../../../../src/kernels/convGeometry.js';
import {
  type ConvOperands,
  convGeometries,
  convLengths,
  convOperands,
  type Pass,
  referencePass,
} from './convReference.js';
import { firstMismatch, KernelRig, readPlan, runRanges, variants } from './support.js';

const geometries = convGeometries(
  fc.oneof(
    fc.record({ input: fc.integer({ min: 1, max: 9 }), output: fc.integer({ min: 1, max: 14 }) }),
    fc.record({ input: fc.integer({ min: 1, max: 3 }), output: fc.integer({ min: 15, max: 60 }) }),
  ),
);

/** Runs one pass with the tasks of every phase cut into `ranges` ranges. */
function run(
  rig: KernelRig,
  pass: Pass,
  g: ConvGeometry,
  operands: ConvOperands,
  relu: boolean,
  ranges: number,
): Float32Array {
  rig.reset();
  const geometry = rig.putInts([
    g.batch,
    g.inChannels,
    g.outChannels,
    g.groups,
    ...g.input,
    ...g.output,
    ...g.kernel,
    ...g.stride,
    ...g.padding,
    ...g.dilation,
  ]);
  const prefix = { forward: 'convForward', inputGrad: 'convInputGrad', weightGrad: 'convWeightGrad' }[pass];
  const plan = rig.allocate(rig.call(`${prefix}PlanBytes`, geometry));
  rig.call(`${prefix}Plan`, geometry, plan);
  const { prepareTasks, tasks, finishTasks, workspaceBytes, scratchBytes } = readPlan(rig, plan);
  const x = rig.put(operands.x);
  const weight = rig.put(operands.weight);
  const bias = rig.put(operands.bias);
  const cotangent = rig.put(operands.cotangent);
  const lengths = convLengths(g);
  const length = pass === 'forward' ? lengths.y : pass === 'inputGrad' ? lengths.x : lengths.weight;
  const out = rig.allocate(length * 4);
  const workspace = rig.allocate(workspaceBytes);
  const scratch = rig.allocate(scratchBytes);
  const operandsOf = {
    forward: [x, +relu, out, workspace, scratch],
    inputGrad: [cotangent, out, workspace, scratch],
    weightGrad: [x, cotangent, workspace, scratch],
  }[pass];
  const prepared = pass === 'forward' ? [weight, bias, workspace] : [weight, workspace];
  runRanges(prepareTasks, ranges, (first, last) => rig.call(`${prefix}Prepare`, plan, ...prepared, first, last));
  runRanges(tasks, ranges, (first, last) => rig.call(prefix, plan, ...operandsOf, first, last));
  runRanges(finishTasks, ranges, (first, last) => rig.call(`${prefix}Finish`, plan, out, workspace, first, last));
  return rig.floats(out, length).slice();
}

describe.each(variants)('conv ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  describe.each<Pass>(['forward', 'inputGrad', 'weightGrad'])('%s', (pass) => {
    test('equals float64 loops for any stride, padding, dilation, groups and rank, NaN and infinity included', () => {
      fc.assert(
        fc.property(geometries, fc.integer(), fc.boolean(), fc.boolean(), (g, seed, wild, relu) => {
          const operands = convOperands(g, seed, wild);
          const { values, scale } = referencePass(pass, g, operands, relu);
          expect(firstMismatch(run(rig, pass, g, operands, relu, 1), values, scale, 2e-6)).toBeUndefined();
        }),
        { numRuns: 250 },
      );
    });

    test('gives the same bits in 1, 2 and 3 ranges', () => {
      fc.assert(
        fc.property(geometries, fc.integer(), (g, seed) => {
          const operands = convOperands(g, seed, false);
          const whole = run(rig, pass, g, operands, false, 1);
          expect(run(rig, pass, g, operands, false, 2)).toEqual(whole);
          expect(run(rig, pass, g, operands, false, 3)).toEqual(whole);
        }),
        { numRuns: 50 },
      );
    });
  });
});
