/**
 * @file Matrix multiplication.
 */
import type { Kernels } from '../kernels.js';
import type { PlanCache } from './planCache.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

const BIAS_NONE = 0;
const BIAS_PER_COLUMN = 2;
/** Multiply-adds that take as long as one cell that is read and written. */
export const PRODUCTS_PER_CELL = 8;

export function matmulKernels(runtime: WasmRuntime, plans: PlanCache): Pick<Kernels<WasmStorage>, 'matmul'> {
  return {
    matmul: (a, b, bias, { batch, m, n, k, transposeA, transposeB, batchStrideA, batchStrideB }, activation) =>
      runtime.produce('matmul', batch * m * n, (c) => {
        const flags = [Number(transposeA), Number(transposeB)];
        const geometry = [batch, m, n, k, ...flags, batchStrideA, batchStrideB];
        const plan = plans.get(
          'gemmPlan',
          geometry,
          () => runtime.call('gemmPlanBytes'),
          (address) => runtime.call('gemmPlan', address, ...geometry),
        );
        runtime.borrow('matmul workspace', plan.workspaceBytes, (workspace) => {
          const packing = { tasks: plan.prepareTasks, cells: b.length };
          runtime.run('gemmPrepare', [plan.address, b.address, workspace], packing);
          const added = bias ? [bias.address, BIAS_PER_COLUMN] : [0, BIAS_NONE];
          const args = [plan.address, a.address, ...added, Number(activation === 'relu'), c.address, workspace];
          const cells = (batch * m * n * k) / PRODUCTS_PER_CELL;
          runtime.run('gemm', args, { tasks: plan.tasks, cells, scratchBytes: plan.scratchBytes });
        });
      }),
  };
}
