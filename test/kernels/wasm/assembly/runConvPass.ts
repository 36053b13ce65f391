/**
 * @file Runs one pass of a convolution, direct, depthwise or by Winograd's algorithm: all are called in the same way.
 */
import type { ConvGeometry } from '../../../../src/kernels/convGeometry.js';
import { type ConvOperands, convLengths, type Pass } from './convReference.js';
import { type KernelRig, readPlan, runRanges } from './support.js';

export interface ConvRun {
  /** What the kernels' names begin with. */
  readonly family: 'conv' | 'depthwise' | 'winograd';
  readonly pass: Pass;
  readonly geometry: ConvGeometry;
  /** Outputs of a Winograd tile per axis. */
  readonly tile?: 2 | 4;
  readonly relu: boolean;
  /** Into how many ranges the tasks of every phase are cut. */
  readonly ranges: number;
}

export function runConvPass(rig: KernelRig, operands: ConvOperands, run: ConvRun): Float32Array {
  const { family, pass, geometry: g, relu, ranges } = run;
  rig.reset();
  const spatial = [g.input, g.output, g.kernel, g.stride, g.padding, g.dilation].flat();
  const geometry = rig.putInts([g.batch, g.inChannels, g.outChannels, g.groups, ...spatial, run.tile ?? 0]);
  const prefix = family + { forward: 'Forward', inputGrad: 'InputGrad', weightGrad: 'WeightGrad' }[pass];
  const plan = rig.allocate(rig.call(`${prefix}PlanBytes`, geometry));
  rig.call(`${prefix}Plan`, geometry, plan);
  const { prepareTasks, tasks, finishTasks, workspaceBytes, scratchBytes } = readPlan(rig, plan);
  const x = rig.put(operands.x);
  const weight = rig.put(operands.weight);
  const bias = rig.put(operands.bias);
  const cotangent = rig.put(operands.cotangent);
  const lengths = convLengths(g);
  const length = { forward: lengths.y, inputGrad: lengths.x, weightGrad: lengths.weight }[pass];
  const out = rig.allocate(length * 4);
  const workspace = rig.allocate(workspaceBytes);
  const scratch = rig.allocate(scratchBytes);
  const main = {
    forward: [x, +relu, out, workspace, scratch],
    inputGrad: [cotangent, out, workspace, scratch],
    weightGrad: [x, cotangent, workspace, scratch],
  }[pass];
  const prepared = pass === 'forward' ? [weight, bias, workspace] : [weight, workspace];
  runRanges(prepareTasks, ranges, (first, last) => rig.call(`${prefix}Prepare`, plan, ...prepared, first, last));
  runRanges(tasks, ranges, (first, last) => rig.call(prefix, plan, ...main, first, last));
  runRanges(finishTasks, ranges, (first, last) => rig.call(`${prefix}Finish`, plan, out, workspace, first, last));
  return rig.floats(out, length).slice();
}
