/**
 * @file Reductions along axes.
 */
import type { Kernels, ReduceOp } from '../kernels.js';
import type { ReduceLayout, RowGeometry } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { type Program, withFunctions } from './program.js';

/** A thread reduces so many cells at most: float32 sums stay short, and long axes keep many threads busy. */
const MAX_CHUNK = 1024;

type Reduction = Program<'x', never, 'axisSize' | 'inner' | 'chunks' | 'cellsPerChunk', never>;

const reductions: Readonly<Record<ReduceOp, Reduction>> = {
  sum: withFunctions(programs.reduceMiddle, { accumulate: programs.plus }),
  max: withFunctions(programs.reduceMiddle, { accumulate: programs.larger }),
  min: withFunctions(programs.reduceMiddle, { accumulate: programs.smaller }),
};

const resultOfNothing: Readonly<Record<ReduceOp, number>> = {
  sum: 0,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};

export function reductionKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'reduce'> {
  return {
    reduce: (op, x, layout) => {
      const { passes, length } = reductionPasses(layout);
      if (x.length === 0)
        return gpu.run('reduce', programs.fill, { inputs: {}, scalars: { value: resultOfNothing[op] }, length });
      if (passes.length === 0) return gpu.run('reduce', programs.copy, { inputs: { x }, length });
      return passes.reduce((source, pass) => {
        const result = gpu.run('reduce', reductions[op], {
          inputs: { x: source },
          constants: {
            axisSize: pass.size,
            inner: pass.inner,
            chunks: pass.chunks,
            cellsPerChunk: pass.cellsPerChunk,
          },
          length: pass.outer * pass.chunks * pass.inner,
        });
        if (source !== x) gpu.free(source);
        return result;
      }, x);
    },
  };
}

/** One dispatch: the middle axis of [outer, size, inner] becomes `chunks` cells long. */
interface Pass extends RowGeometry {
  readonly chunks: number;
  readonly cellsPerChunk: number;
}

/** The dispatches that reduce all axes that are to be reduced, the last one first; and the cells that stay. */
export function reductionPasses({ shape, reduced }: ReduceLayout): { passes: Pass[]; length: number } {
  const passes: Pass[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    if (reduced[axis]) {
      const outer = shape.slice(0, axis).reduce((product, cells) => product * cells, 1);
      passes.push(...axisPasses({ outer, size, inner }));
    } else inner *= size;
  }
  return { passes, length: inner };
}

/** As few as chunks of at most `MAX_CHUNK` cells need, with chunks of about one length in all of them. */
function axisPasses({ outer, size, inner }: RowGeometry): Pass[] {
  const stages = Math.ceil(Math.log(size) / Math.log(MAX_CHUNK) - 1e-9);
  const passes: Pass[] = [];
  let length = size;
  for (let stage = stages; stage > 0; stage--) {
    const cellsPerChunk = stage === 1 ? length : Math.ceil(length ** (1 / stage));
    const chunks = Math.ceil(length / cellsPerChunk);
    passes.push({ outer, size: length, inner, chunks, cellsPerChunk });
    length = chunks;
  }
  return passes;
}
