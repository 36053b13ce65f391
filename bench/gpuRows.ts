/**
 * @file What it costs the calling thread to ask a GPU for something.
 */
import { runScript } from './freshProcess.js';
import { median } from './statistics.js';
import type { Goal, Row } from './verdict.js';

const STEPS = 30;
const goal: Goal = { direction: 'atMost', required: 100, aim: 50, unit: 'µs' };

/** What `gpuStep.mjs` prints. */
type GpuTimes =
  | { readonly reason: string }
  | { readonly device: string; readonly perOperation: readonly number[]; readonly perDispatch: readonly number[] };

/** Without WebGPU no rows, and a note with the reason. */
export function gpuRows(): { readonly rows: readonly Row[]; readonly notes: readonly string[] } {
  const times = runScript('gpuStep.mjs', [STEPS]);
  if (!isGpuTimes(times)) throw new TypeError(`gpuStep.mjs: unexpected output ${JSON.stringify(times)}`);
  if ('reason' in times) return { rows: [], notes: [`gpu webgpu: not run, ${times.reason}`] };
  const row = (what: string, measured: readonly number[]): Row => ({
    what: `webgpu, nothing awaited: ${what}`,
    goal,
    measured: median(measured),
    unit: 'µs',
  });
  return {
    rows: [row('an operation', times.perOperation), row('a resnet8 soft step, per dispatch', times.perDispatch)],
    notes: [`the GPU of the last two rows: ${times.device}`],
  };
}

function isGpuTimes(value: unknown): value is GpuTimes {
  return typeof value === 'object' && value !== null && ('reason' in value || 'perDispatch' in value);
}
