/**
 * @file Winograd's algorithm for 3×3 convolutions of stride 1 (Lavin and Gray, CVPR 2016).
 *
 * A tile of m×m outputs takes (m + 2)² instead of 9m² products per pair of channels, after transforms whose rounding errors
 * grow with m.
 */
import type { ConvGeometry } from '../convGeometry.js';
import { convCells } from './convWork.js';
import type { Convolutions } from './directConv.js';
import type { WasmRuntime } from './wasmRuntime.js';

/** Forward and input gradient: F(2×2, 3×3), whose errors are those of a direct sum; 16 instead of 36 products. */
const FORWARD_TILE = 2;
/** Weight gradient: F(3×3, 4×4); its errors, 1e-4 of the gradient, are far below the noise of a batch; 36 for 144 products. */
const WEIGHT_GRAD_TILE = 4;
/** With fewer channels on either side the transforms cost more than the saved products. */
const LEAST_CHANNELS = 8;

/** Whether Winograd's algorithm can run a geometry, and faster than the direct one. */
export function prefersWinograd(geometry: ConvGeometry): boolean {
  const { inChannels, outChannels, groups, kernel, stride, padding, dilation } = geometry;
  const is3x3 = kernel.join() === '1,3,3' && stride.join() === '1,1,1' && dilation.join() === '1,1,1';
  const isPadded = padding[0] === 0 && padding[1] <= 2 && padding[2] <= 2;
  return is3x3 && isPadded && groups === 1 && Math.min(inChannels, outChannels) >= LEAST_CHANNELS;
}

export function winogradConv(runtime: WasmRuntime): Convolutions {
  /** y = x ∗ weight, or with rotated weights, channels swapped. Addresses all. */
  const correlate = (
    struct: readonly number[],
    { x, weight, bias, y }: { x: number; weight: number; bias: number; y: number },
    { relu, isTransposed, cells }: { relu: boolean; isTransposed: boolean; cells: number },
  ): void => {
    const workspaceBytes = runtime.call('winogradWorkspaceBytes', runtime.ints(struct));
    runtime.borrow('winograd weights', workspaceBytes, (workspace) => {
      const geometry = runtime.ints(struct);
      const scratchBytes = runtime.call('winogradScratchBytes', geometry);
      const transforms = runtime.call('winogradTransformWeightsTaskCount', geometry);
      const transformWork = { tasks: transforms, cells: workspaceBytes / 4, scratchBytes };
      runtime.run('winogradTransformWeights', [geometry, weight, Number(isTransposed), workspace], transformWork);
      const work = { tasks: runtime.call('winogradForwardTaskCount', geometry), cells, scratchBytes };
      runtime.run('winogradForward', [geometry, x, workspace, bias, Number(relu), y], work);
    });
  };

  return {
    forward: (x, weight, bias, y, geometry, relu) =>
      correlate(
        winogradStruct(geometry, FORWARD_TILE),
        { x: x.address, weight: weight.address, bias: bias?.address ?? 0, y: y.address },
        { relu, isTransposed: false, cells: convCells(geometry) },
      ),

    inputGrad: (cotangent, weight, inputGrad, geometry) =>
      correlate(
        winogradStruct(adjoint(geometry), FORWARD_TILE),
        { x: cotangent.address, weight: weight.address, bias: 0, y: inputGrad.address },
        { relu: false, isTransposed: true, cells: convCells(geometry) },
      ),

    weightGrad: (cotangent, x, weightGrad, geometry) => {
      const struct = winogradStruct(geometry, WEIGHT_GRAD_TILE);
      const workspaceBytes = runtime.call('winogradWeightGradWorkspaceBytes', runtime.ints(struct));
      runtime.borrow('winograd sums', workspaceBytes, (workspace) => {
        const address = runtime.ints(struct);
        const scratchBytes = runtime.call('winogradWeightGradScratchBytes', address);
        const tasks = runtime.call('winogradWeightGradTaskCount', address);
        const work = { tasks, cells: convCells(geometry), scratchBytes };
        runtime.run('winogradWeightGrad', [address, x.address, cotangent.address, workspace], work);
        const combineTasks = runtime.call('winogradWeightGradCombineTaskCount', address);
        const combineWork = { tasks: combineTasks, cells: workspaceBytes / 4 };
        runtime.run('winogradWeightGradCombine', [address, workspace, weightGrad.address], combineWork);
      });
    },
  };
}

/** The convolution whose output is the input gradient of this one: from outputs to inputs, padded to the full overlap. */
function adjoint(geometry: ConvGeometry): ConvGeometry {
  const { inChannels, outChannels, input, output, padding } = geometry;
  return {
    ...geometry,
    inChannels: outChannels,
    outChannels: inChannels,
    input: output,
    output: input,
    padding: [0, 2 - padding[1], 2 - padding[2]],
  };
}

/** The struct of assembly/winogradGeometry.ts. */
function winogradStruct({ batch, inChannels, outChannels, input, padding }: ConvGeometry, tile: number): number[] {
  return [batch, inChannels, outChannels, ...input, padding[1], padding[2], tile];
}
