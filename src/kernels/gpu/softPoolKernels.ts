/**
 * @file SoftPool and importance pooling: y = Σ softmax(logits)ᵢ xᵢ over each window; SoftPool's logits are βx.
 */
import type { Kernels } from '../kernels.js';
import type { WindowGeometry } from '../windowGeometry.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { outputLength, safeScale, unpooling, walkConstants } from './poolingKernels.js';
import { constantsOf } from './stridedConstants.js';

type SoftPooling = 'softPool' | 'softPoolGrad' | 'importancePool' | 'importanceUnpool' | 'importanceLogitsGrad';

const MAX_FLOAT32 = 2 ** 128 - 2 ** 104;

export function softPoolKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, SoftPooling> {
  return {
    softPool: (x, beta, geometry) => pool(gpu, 'softPool', { x, logits: x, beta }, geometry),

    softPoolGrad: (cotangent, x, beta, geometry) =>
      gradient(gpu, 'softPoolGrad', { x, logits: x, beta }, cotangent, geometry, { direct: 1, slope: beta }),

    importancePool: (x, logits, geometry) => pool(gpu, 'importancePool', { x, logits, beta: 1 }, geometry),

    importanceUnpool: (cotangent, logits, geometry) =>
      gradient(gpu, 'importanceUnpool', { x: logits, logits, beta: 1 }, cotangent, geometry, { direct: 1, slope: 0 }),

    importanceLogitsGrad: (cotangent, x, logits, geometry) =>
      gradient(gpu, 'importanceLogitsGrad', { x, logits, beta: 1 }, cotangent, geometry, { direct: 0, slope: 1 }),
  };
}

const importanceGrads = { single: programs.importanceGrad, quad: programs.importanceGradQuad };

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
function gradient(
  gpu: GpuRuntime,
  operation: string,
  { x, logits, beta }: Weighted,
  cotangent: GpuStorage,
  geometry: WindowGeometry,
  { direct, slope }: { readonly direct: number; readonly slope: number },
): GpuStorage {
  const scalars = scales(beta, geometry);
  const factors = { direct, slope: finite(slope / scalars.scale) };
  const hasSlope = Number(slope !== 0);
  if (comesInPairs(geometry)) {
    return gpu.run(operation, programs.importanceGradPairs, {
      inputs: { cotangent, x, logits },
      scalars: { ...scalars, ...factors },
      constants: constantsOf(programs.importanceGradPairs, {
        ...walkConstants(geometry),
        inQuads: geometry.input[2] / 4,
        hasSlope,
      }),
      length: x.length,
    });
  }
  const statistics = gpu.run(operation, programs.windowWeights, {
    inputs: { cotangent, x, logits },
    scalars,
    constants: walkConstants(geometry),
    length: 4 * outputLength(geometry),
  });
  const { program, ...call } = unpooling(importanceGrads, geometry, { hasSlope });
  const grad = gpu.run(operation, program, {
    inputs: { statistics, x, logits },
    scalars: { ...scalars, ...factors },
    ...call,
  });
  gpu.free(statistics);
  return grad;
}

/** Whether windows lie side by side, two cells wide, over rows whose lengths are multiples of 4. */
function comesInPairs({ input, kernel, stride, padding, dilation }: WindowGeometry): boolean {
  const isApart = (axis: 0 | 1): boolean =>
    kernel[axis] === 1 || (dilation[axis] === 1 && kernel[axis] <= stride[axis]);
  const isPair = kernel[2] === 2 && stride[2] === 2 && dilation[2] === 1 && padding[2] === 0;
  return isPair && input[2] % 4 === 0 && isApart(0) && isApart(1);
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
