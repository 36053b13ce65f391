/**
 * @file Pooling kernels. Forward, a thread computes a window; backward, a cell, from the windows that it is in.
 */
import type { Kernels } from '../kernels.js';
import { type WindowGeometry, windowSize } from '../windowGeometry.js';
import { volume, windowConstants } from './convConstants.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { type Program, withFunctions } from './program.js';
import { constantsOf } from './stridedConstants.js';

type PlainPooling = 'maxPool' | 'maxUnpool' | 'avgPool' | 'avgUnpool' | 'unfold' | 'fold';

const maximum = withFunctions(programs.reduceWindows, {
  include: programs.includeLarger,
  conclude: programs.concludeMaximum,
});
const mean = withFunctions(programs.reduceWindows, {
  include: programs.includeSummand,
  conclude: programs.concludeMean,
});

/** A backward kernel: one cell per thread, and four neighbours of a row. */
interface Unpooling<I extends string, S extends string> {
  readonly single: Program<I, S, string, never>;
  readonly quad: Program<I, S, string, never>;
}

const maxUnpools: Unpooling<'cotangent' | 'winners', never> = {
  single: programs.maxUnpool,
  quad: programs.maxUnpoolQuad,
};
const avgUnpools: Unpooling<'cotangent', never> = { single: programs.avgUnpool, quad: programs.avgUnpoolQuad };

export function poolingKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, PlainPooling> {
  return {
    maxPool: (values, keys, geometry) => {
      if (values === keys) {
        return gpu.run('maxPool', maximum, {
          inputs: { x: values },
          scalars: { scale: 1 },
          constants: { ...walkConstants(geometry), countsPadding: 0 },
          length: outputLength(geometry),
        });
      }
      const cells = maxCells(gpu, 'maxPool', keys, geometry);
      const inputs = { values, cells };
      const y = gpu.run('maxPool', programs.takeCells, { inputs, length: outputLength(geometry) });
      gpu.free(cells);
      return y;
    },

    maxUnpool: (cotangent, keys, geometry) => {
      const winners = maxCells(gpu, 'maxUnpool', keys, geometry);
      const { program, ...call } = unpooling(maxUnpools, geometry);
      const grad = gpu.run('maxUnpool', program, { inputs: { cotangent, winners }, ...call });
      gpu.free(winners);
      return grad;
    },

    avgPool: (x, geometry, countIncludePad) =>
      gpu.run('avgPool', mean, {
        inputs: { x },
        scalars: { scale: safeScale(geometry) },
        constants: { ...walkConstants(geometry), countsPadding: Number(countIncludePad) },
        length: outputLength(geometry),
      }),

    avgUnpool: (cotangent, geometry, countIncludePad) => {
      const { program, ...call } = unpooling(avgUnpools, geometry, { countsPadding: Number(countIncludePad) });
      return gpu.run('avgUnpool', program, { inputs: { cotangent }, ...call });
    },

    unfold: (x, geometry, padValue) =>
      gpu.run('unfold', programs.unfold, {
        inputs: { x },
        scalars: { padValue },
        constants: walkConstants(geometry),
        length: outputLength(geometry) * windowSize(geometry),
      }),

    fold: (windows, geometry) =>
      gpu.run('fold', programs.fold, {
        inputs: { windows },
        constants: { ...walkConstants(geometry), ...overlapConstants(geometry, 1) },
        length: inputLength(geometry),
      }),
  };
}

/** A backward kernel, four cells per thread where rows allow it, with what it is compiled for and how many cells it writes. */
export function unpooling<I extends string, S extends string>(
  { single, quad }: Unpooling<I, S>,
  geometry: WindowGeometry,
  constants: Readonly<Record<string, number>> = {},
) {
  const inQuads = geometry.input[2] / 4;
  const [program, neighbours] = Number.isInteger(inQuads) ? [quad, 4] : [single, 1];
  const overlap = overlapConstants(geometry, neighbours);
  return {
    program,
    constants: constantsOf(program, { ...walkConstants(geometry), ...overlap, ...constants, inQuads }),
    length: inputLength(geometry),
  };
}

function maxCells(gpu: GpuRuntime, operation: string, keys: GpuStorage, geometry: WindowGeometry): GpuStorage {
  return gpu.run(operation, programs.maxCells, {
    inputs: { keys },
    constants: walkConstants(geometry),
    length: outputLength(geometry),
  });
}

/** Sizes, and the window and its way. */
export function walkConstants(geometry: WindowGeometry) {
  const { input, output } = geometry;
  return {
    inDepth: input[0],
    inHeight: input[1],
    inWidth: input[2],
    outDepth: output[0],
    outHeight: output[1],
    outWidth: output[2],
    ...windowConstants(geometry),
  };
}

/** How many windows can hold one of so many neighbours of a row, along each axis. */
function overlapConstants({ kernel, stride, dilation }: WindowGeometry, neighbours: number) {
  const overlap = (axis: 0 | 1 | 2, cells: number): number =>
    Math.floor((dilation[axis] * (kernel[axis] - 1) + cells - 1) / stride[axis]) + 1;
  return { overlapDepth: overlap(0, 1), overlapHeight: overlap(1, 1), overlapWidth: overlap(2, neighbours) };
}

/** A power of two by which values are multiplied, exactly, so that no sum over a window of their differences overflows. */
export function safeScale(geometry: WindowGeometry): number {
  return 2 ** -(2 + Math.floor(Math.log2(windowSize(geometry))));
}

export function inputLength({ planes, input }: WindowGeometry): number {
  return planes * volume(input);
}

export function outputLength({ planes, output }: WindowGeometry): number {
  return planes * volume(output);
}
