/**
 * @file SoftPool and importance pooling: y = Σ softmax(logits)ᵢ xᵢ over each window; SoftPool's logits are βx.
 */
import type { Kernels } from '../kernels.js';
import type { WindowGeometry } from '../windowGeometry.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { inputLength, outputLength, overlapConstants, safeScale, walkConstants } from './poolingKernels.js';

type SoftPooling = 'softPool' | 'softPoolGrad' | 'importancePool' | 'importanceUnpool' | 'importanceLogitsGrad';

const MAX_FLOAT32 = 2 ** 128 - 2 ** 104;

export function softPoolKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, SoftPooling> {
  return {
    softPool: (x, beta, geometry) => pool(gpu, 'softPool', { x, logits: x, beta }, geometry),

    softPoolGrad: (cotangent, x, beta, geometry) =>
      unpool(gpu, 'softPoolGrad', { x, logits: x, beta }, cotangent, geometry, { direct: 1, slope: beta }),

    importancePool: (x, logits, geometry) => pool(gpu, 'importancePool', { x, logits, beta: 1 }, geometry),

    importanceUnpool: (cotangent, logits, geometry) =>
      unpool(gpu, 'importanceUnpool', { x: logits, logits, beta: 1 }, cotangent, geometry, { direct: 1, slope: 0 }),

    importanceLogitsGrad: (cotangent, x, logits, geometry) =>
      unpool(gpu, 'importanceLogitsGrad', { x, logits, beta: 1 }, cotangent, geometry, { direct: 0, slope: 1 }),
  };
}

/** Values with their weights, softmax(β · logits). */
interface Weighted {
  readonly x: GpuStorage;
  readonly logits: GpuStorage;
  readonly beta: number;
}

function pool(gpu: GpuRuntime, operation: string, { x, logits, beta }: Weighted, geometry: WindowGeometry): GpuStorage {
  return gpu.run(operation, programs.importancePool, {
    inputs: { x, logits },
    scalars: { ...scales(beta, geometry), halfInverse: 0.5 / safeScale(geometry) },
    constants: walkConstants(geometry),
    length: outputLength(geometry),
  });
}

/** Each cell's Σ g w (direct + slope · (x − mean)) over the windows that it is in. */
function unpool(
  gpu: GpuRuntime,
  operation: string,
  { x, logits, beta }: Weighted,
  cotangent: GpuStorage,
  geometry: WindowGeometry,
  { direct, slope }: { readonly direct: number; readonly slope: number },
): GpuStorage {
  const scalars = scales(beta, geometry);
  const statistics = gpu.run(operation, programs.windowWeights, {
    inputs: { cotangent, x, logits },
    scalars,
    constants: walkConstants(geometry),
    length: 4 * outputLength(geometry),
  });
  const grad = gpu.run(operation, programs.importanceGrad, {
    inputs: { statistics, x, logits },
    scalars: { ...scalars, direct, slope: finite(slope / scalars.scale) },
    constants: { ...walkConstants(geometry), ...overlapConstants(geometry), hasSlope: Number(slope !== 0) },
    length: inputLength(geometry),
  });
  gpu.free(statistics);
  return grad;
}

/** How values and logits are scaled, and what undoes that in the exponent. */
function scales(beta: number, geometry: WindowGeometry) {
  const scale = safeScale(geometry);
  return { logitScale: beta < 0 ? -scale : scale, exponent: finite(Math.abs(beta) / scale), scale };
}

/** The nearest finite float32. */
function finite(value: number): number {
  return Math.max(-MAX_FLOAT32, Math.min(MAX_FLOAT32, value));
}
