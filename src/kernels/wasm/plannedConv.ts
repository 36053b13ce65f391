/**
 * @file The three passes of a convolution algorithm that plans ahead (see assembly/README.md).
 */
import type { ConvGeometry } from '../convGeometry.js';
import { convCells } from './convWork.js';
import type { Plan, PlanCache } from './planCache.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** The three passes of a convolution algorithm, each writing its last storage. */
export interface Convolutions {
  forward(
    x: WasmStorage,
    weight: WasmStorage,
    bias: WasmStorage | undefined,
    y: WasmStorage,
    geometry: ConvGeometry,
    relu: boolean,
  ): void;
  inputGrad(cotangent: WasmStorage, weight: WasmStorage, inputGrad: WasmStorage, geometry: ConvGeometry): void;
  weightGrad(cotangent: WasmStorage, x: WasmStorage, weightGrad: WasmStorage, geometry: ConvGeometry): void;
}

/** Packing or transforming a weight costs as much as so many cells that are read and written. */
const CELLS_PER_WEIGHT = 8;

type Pass = 'Forward' | 'InputGrad' | 'WeightGrad';

/**
 * @param family what the names of the algorithm's kernels begin with
 * @param struct the numbers that its planning kernels read
 */
export function plannedConv(
  runtime: WasmRuntime,
  plans: PlanCache,
  family: string,
  struct: (geometry: ConvGeometry) => readonly number[],
): Convolutions {
  /** Plans a pass (or remembers its plan) and lends its workspace. */
  const withPlan = (pass: Pass, geometry: ConvGeometry, use: (plan: Plan, workspace: number) => void): void => {
    const numbers = struct(geometry);
    const kernel = `${family}${pass}Plan`;
    const plan = plans.get(
      kernel,
      numbers,
      () => runtime.call(`${kernel}Bytes`, runtime.ints(numbers)),
      (address) => runtime.call(kernel, runtime.ints(numbers), address),
    );
    runtime.borrow(`${family}${pass} workspace`, plan.workspaceBytes, (workspace) => use(plan, workspace));
  };

  return {
    forward: (x, weight, bias, y, geometry, relu) =>
      withPlan('Forward', geometry, (plan, workspace) => {
        const packing = { tasks: plan.prepareTasks, cells: weight.length * CELLS_PER_WEIGHT };
        runtime.run(`${family}ForwardPrepare`, [plan.address, weight.address, bias?.address ?? 0, workspace], packing);
        const args = [plan.address, x.address, Number(relu), y.address, workspace];
        runtime.run(`${family}Forward`, args, mainWork(plan, geometry));
      }),

    inputGrad: (cotangent, weight, inputGrad, geometry) =>
      withPlan('InputGrad', geometry, (plan, workspace) => {
        const packing = { tasks: plan.prepareTasks, cells: weight.length * CELLS_PER_WEIGHT };
        runtime.run(`${family}InputGradPrepare`, [plan.address, weight.address, workspace], packing);
        const args = [plan.address, cotangent.address, inputGrad.address, workspace];
        runtime.run(`${family}InputGrad`, args, mainWork(plan, geometry));
      }),

    weightGrad: (cotangent, x, weightGrad, geometry) =>
      withPlan('WeightGrad', geometry, (plan, workspace) => {
        const args = [plan.address, x.address, cotangent.address, workspace];
        runtime.run(`${family}WeightGrad`, args, mainWork(plan, geometry));
        const adding = { tasks: plan.finishTasks, cells: plan.workspaceBytes / 4 };
        runtime.run(`${family}WeightGradFinish`, [plan.address, weightGrad.address, workspace], adding);
      }),
  };
}

function mainWork({ tasks, scratchBytes }: Plan, geometry: ConvGeometry) {
  return { tasks, scratchBytes, cells: convCells(geometry) };
}

/** The struct of assembly/convGeometry.ts. */
export function convStruct(geometry: ConvGeometry): number[] {
  const { batch, inChannels, outChannels, groups, input, output, kernel, stride, padding, dilation } = geometry;
  return [batch, inChannels, outChannels, groups, ...[input, output, kernel, stride, padding, dilation].flat()];
}
