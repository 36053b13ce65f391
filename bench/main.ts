/**
 * @file `npm run bench`: the library's kernels and training step, against what the machine can do in the same run.
 */
import { backendInfo, setBackend } from 'softgrad';
import { gpuRows } from './gpuRows.js';
import { batchNormRows, depthwiseRows, gemmRows, otherConvRows, resnetConvRows, softPoolRows } from './kernelRows.js';
import { machineLimits } from './machineLimits.js';
import { report } from './report.js';
import { binaryRows, firstStepRow, resnetRows } from './stepRows.js';

await setBackend('wasm', { threads: 1 });
const { description, device } = backendInfo();
const limits = await machineLimits(device === 'simd+fma');
const gpu = gpuRows();
const rows = [
  ...gemmRows(limits),
  ...resnetConvRows(),
  ...otherConvRows(),
  ...depthwiseRows(limits),
  ...softPoolRows(limits),
  ...batchNormRows(limits),
  ...resnetRows(),
  firstStepRow(),
  ...binaryRows(),
  ...gpu.rows,
];
report('bench', description, rows, gpu.notes);
