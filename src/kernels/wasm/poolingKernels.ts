/**
 * @file Pooling kernels, each over whole planes.
 */
import type { Kernels } from '../kernels.js';
import type { WindowGeometry } from '../windowGeometry.js';
import type { WasmRuntime, Work } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

type SoftPooling = 'softPool' | 'softPoolGrad' | 'importancePool' | 'importanceUnpool' | 'importanceLogitsGrad';
type Pooling = SoftPooling | 'maxPool' | 'maxUnpool' | 'avgPool' | 'avgUnpool' | 'unfold' | 'fold';

/** Exponentials make a cell so many times dearer than copying it. */
const SOFT_COST = 4;

export function poolingKernels(runtime: WasmRuntime): Pick<Kernels<WasmStorage>, Pooling> {
  const workOn = (geometry: WindowGeometry, cost: number): Work => ({
    tasks: geometry.planes,
    cells: geometry.planes * Math.max(volume(geometry.input), volume(geometry.output)) * cost,
  });

  /** Runs a kernel plane by plane; `args` is what stands before the geometry. */
  const pool = (
    kernel: string,
    length: number,
    geometry: WindowGeometry,
    args: (y: number) => readonly number[],
    cost = 1,
  ): WasmStorage =>
    runtime.produce(kernel, length, (y) => {
      const struct = runtime.ints(poolStruct(geometry));
      const scratchBytes = runtime.call('poolScratchBytes', struct);
      runtime.run(kernel, [...args(y.address), struct], { ...workOn(geometry, cost), scratchBytes });
    });

  const softPools: Pick<Kernels<WasmStorage>, SoftPooling> = {
    softPool: (x, beta, geometry) =>
      pool('softPool', outputLength(geometry), geometry, (y) => [x.address, y, beta], SOFT_COST),

    softPoolGrad: (cotangent, x, beta, geometry) =>
      pool('softPoolGrad', x.length, geometry, (y) => [cotangent.address, x.address, y, beta], SOFT_COST),

    importancePool: (x, logits, geometry) =>
      pool('importancePool', outputLength(geometry), geometry, (y) => [x.address, logits.address, y], SOFT_COST),

    importanceUnpool: (cotangent, logits, geometry) => {
      const args = (y: number): number[] => [cotangent.address, logits.address, y];
      return pool('importanceUnpool', logits.length, geometry, args, SOFT_COST);
    },

    importanceLogitsGrad: (cotangent, x, logits, geometry) => {
      const args = (y: number): number[] => [cotangent.address, x.address, logits.address, y];
      return pool('importanceLogitsGrad', x.length, geometry, args, SOFT_COST);
    },
  };

  return {
    ...softPools,

    maxPool: (values, keys, geometry) =>
      pool('maxPool', outputLength(geometry), geometry, (y) => [values.address, keys.address, y]),

    maxUnpool: (cotangent, keys, geometry) =>
      pool('maxUnpool', keys.length, geometry, (y) => [cotangent.address, keys.address, y]),

    avgPool: (x, geometry, countIncludePad) =>
      pool('avgPool', outputLength(geometry), geometry, (y) => [x.address, y, Number(countIncludePad)]),

    avgUnpool: (cotangent, geometry, countIncludePad) =>
      pool('avgUnpool', inputLength(geometry), geometry, (y) => [cotangent.address, y, Number(countIncludePad)]),

    unfold: (x, geometry, padValue) =>
      runtime.produce('unfold', outputLength(geometry) * volume(geometry.kernel), (windows) => {
        const args = [x.address, windows.address, padValue, runtime.ints(poolStruct(geometry))];
        runtime.run('unfold', args, workOn(geometry, volume(geometry.kernel)));
      }),

    fold: (windows, geometry) =>
      runtime.produce('fold', inputLength(geometry), (x) => {
        const args = [windows.address, x.address, runtime.ints(poolStruct(geometry))];
        runtime.run('fold', args, workOn(geometry, volume(geometry.kernel)));
      }),
  };
}

/** The struct of assembly/poolWindows.ts. */
function poolStruct({ planes, input, output, kernel, stride, padding, dilation }: WindowGeometry): number[] {
  return [planes, ...input, ...output, ...kernel, ...stride, ...padding, ...dilation];
}

function inputLength({ planes, input }: WindowGeometry): number {
  return planes * volume(input);
}

function outputLength({ planes, output }: WindowGeometry): number {
  return planes * volume(output);
}

function volume(axes: readonly number[]): number {
  return axes.reduce((product, size) => product * size, 1);
}
