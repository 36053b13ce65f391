/**
 * @file The general convolution: any kernel, stride, padding, dilation and groups, 1×1 as a plain matrix product.
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

export function directConv(runtime: WasmRuntime, plans: PlanCache): Convolutions {
  /** Plans a pass (or remembers its plan) and lends its workspace. */
  const withPlan = (pass: string, geometry: ConvGeometry, use: (plan: Plan, workspace: number) => void): void => {
    const struct = convStruct(geometry);
    const plan = plans.get(
      `${pass}Plan`,
      struct,
      () => runtime.call(`${pass}PlanBytes`, runtime.ints(struct)),
      (address) => runtime.call(`${pass}Plan`, runtime.ints(struct), address),
    );
    runtime.borrow(`${pass} workspace`, plan.workspaceBytes, (workspace) => use(plan, workspace));
  };

  return {
    forward: (x, weight, bias, y, geometry, relu) =>
      withPlan('convForward', geometry, (plan, workspace) => {
        const packing = { tasks: plan.prepareTasks, cells: weight.length };
        runtime.run('convForwardPrepare', [plan.address, weight.address, bias?.address ?? 0, workspace], packing);
        const args = [plan.address, x.address, Number(relu), y.address, workspace];
        runtime.run('convForward', args, mainWork(plan, geometry));
      }),

    inputGrad: (cotangent, weight, inputGrad, geometry) =>
      withPlan('convInputGrad', geometry, (plan, workspace) => {
        const packing = { tasks: plan.prepareTasks, cells: weight.length };
        runtime.run('convInputGradPrepare', [plan.address, weight.address, workspace], packing);
        const args = [plan.address, cotangent.address, inputGrad.address, workspace];
        runtime.run('convInputGrad', args, mainWork(plan, geometry));
      }),

    weightGrad: (cotangent, x, weightGrad, geometry) =>
      withPlan('convWeightGrad', geometry, (plan, workspace) => {
        const args = [plan.address, x.address, cotangent.address, workspace];
        runtime.run('convWeightGrad', args, mainWork(plan, geometry));
        const adding = { tasks: plan.finishTasks, cells: plan.workspaceBytes / 4 };
        runtime.run('convWeightGradFinish', [plan.address, weightGrad.address, workspace], adding);
      }),
  };
}

function mainWork({ tasks, scratchBytes }: Plan, geometry: ConvGeometry) {
  return { tasks, scratchBytes, cells: convCells(geometry) };
}

/** The struct of assembly/convGeometry.ts. */
function convStruct(geometry: ConvGeometry): number[] {
  const { batch, inChannels, outChannels, groups, input, output, kernel, stride, padding, dilation } = geometry;
  return [batch, inChannels, outChannels, groups, ...[input, output, kernel, stride, padding, dilation].flat()];
}
