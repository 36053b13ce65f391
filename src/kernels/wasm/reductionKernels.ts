/**
 * @file Reductions, softmax and the loss that is built on it.
 */
import type { Kernels, ReduceOp } from '../kernels.js';
import type { RowGeometry } from '../layouts.js';
import { reductionAxes } from './axisLists.js';
import { elementTasks } from './elementTasks.js';
import type { WasmRuntime, Work } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** In the order in which assembly/reduce.ts numbers them. */
const reduceOps: readonly ReduceOp[] = ['sum', 'max', 'min'];

export function reductionKernels(
  runtime: WasmRuntime,
): Pick<Kernels<WasmStorage>, 'reduce' | 'argMax' | 'softmax' | 'crossEntropy' | 'crossEntropyGrad'> {
  /** The work of kernels that take whole rows. */
  const rowWork = ({ outer, size, inner }: RowGeometry): Work => ({
    tasks: runtime.call('rowTasks', outer, size, inner),
    cells: outer * size * inner * 4,
    scratchBytes: runtime.call('softmaxScratchBytes', size),
  });

  return {
    reduce: (op, x, { shape, reduced }) => {
      const outputs = shape.reduce((product, size, axis) => (reduced[axis] ? product : product * size), 1);
      return runtime.produce(op, outputs, (y) => {
        const layout = runtime.ints(reductionAxes(shape, reduced));
        const parts = runtime.call('reduceParts', layout);
        const code = reduceOps.indexOf(op);
        runtime.borrow('reduce partials', outputs * parts * 8, (partials) => {
          const work = { tasks: runtime.call('reduceTasks', layout), cells: x.length };
          runtime.run('reduce', [code, x.address, partials, layout], work);
          runtime.run('reduceFinish', [code, partials, y.address, outputs, parts], elementTasks(outputs));
        });
      });
    },

    argMax: (x, { outer, size, inner }) =>
      runtime.produce('argMax', outer * inner, (y) => {
        const args = [x.address, y.address, outer, size, inner];
        runtime.run('argMax', args, elementTasks(outer * inner));
      }),

    softmax: (x, rows, log) =>
      runtime.produce('softmax', x.length, (y) => {
        const { outer, size, inner } = rows;
        runtime.run('softmax', [x.address, y.address, outer, size, inner, Number(log)], rowWork(rows));
      }),

    crossEntropy: (logits, labels, rows, labelSmoothing) =>
      runtime.produce('crossEntropy', labels.length, (y) => {
        const { outer, size, inner } = rows;
        const args = [logits.address, labels.address, y.address, outer, size, inner, labelSmoothing];
        runtime.run('crossEntropy', args, rowWork(rows));
      }),

    crossEntropyGrad: (cotangent, logits, labels, rows, labelSmoothing) =>
      runtime.produce('crossEntropyGrad', logits.length, (y) => {
        const { outer, size, inner } = rows;
        const storages = [cotangent.address, logits.address, labels.address, y.address];
        runtime.run('crossEntropyGrad', [...storages, outer, size, inner, labelSmoothing], rowWork(rows));
      }),
  };
}
