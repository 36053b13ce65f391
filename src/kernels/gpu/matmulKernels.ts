/**
 * @file Matrix products.
 */
import type { Activation, Kernels } from '../kernels.js';
import type { MatmulGeometry } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { withoutEmpty } from './withoutEmpty.js';

/** From so many multiplications on, blocks pay for being rearranged. */
const MIN_WORK_FOR_BLOCKS = 2 ** 17;

export function matmulKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'matmul'> {
  return {
    matmul: (a, b, bias, geometry, activation) =>
      withoutEmpty(gpu, 'matmul', [a, b], (left, right) => {
        const { batch, m, n, k } = geometry;
        const multiply = batch * m * n * k < MIN_WORK_FOR_BLOCKS ? multiplyCells : multiplyBlocks;
        return multiply(gpu, { a: left, b: right, bias }, geometry, activation);
      }),
  };
}

interface Operands {
  readonly a: GpuStorage;
  readonly b: GpuStorage;
  readonly bias: GpuStorage | undefined;
}

function multiplyCells(
  gpu: GpuRuntime,
  { a, b, bias }: Operands,
  geometry: MatmulGeometry,
  activation: Activation,
): GpuStorage {
  const { batch, m, n } = geometry;
  return gpu.run('matmul', programs.matmul, {
    inputs: { a, b, bias: bias ?? a },
    constants: { m, n, ...walkConstants(geometry), ...epilogueConstants(bias, activation) },
    length: batch * m * n,
  });
}

function multiplyBlocks(
  gpu: GpuRuntime,
  { a, b, bias }: Operands,
  geometry: MatmulGeometry,
  activation: Activation,
): GpuStorage {
  const { batch, m, n } = geometry;
  const grid = { m, n, blockRows: Math.ceil(m / 2), blockColumns: Math.ceil(n / 2) };
  const blocks = gpu.run('matmul', programs.matmulBlocks, {
    inputs: { a, b },
    constants: { ...grid, ...walkConstants(geometry) },
    length: batch * grid.blockRows * grid.blockColumns * 4,
  });
  const result = gpu.run('matmul', programs.fromBlocks, {
    inputs: { blocks, bias: bias ?? blocks },
    constants: { ...grid, ...epilogueConstants(bias, activation) },
    length: batch * m * n,
  });
  gpu.free(blocks);
  return result;
}

function walkConstants({ m, n, k, transposeA, transposeB, batchStrideA, batchStrideB }: MatmulGeometry) {
  const [rowStrideA, columnStrideA] = transposeA ? [1, m] : [k, 1];
  const [rowStrideB, columnStrideB] = transposeB ? [1, k] : [n, 1];
  return { k, batchStrideA, batchStrideB, rowStrideA, columnStrideA, rowStrideB, columnStrideB };
}

/** What a kernel does to a sum before it stores it. */
export function epilogueConstants(bias: GpuStorage | undefined, activation: Activation) {
  return { hasBias: Number(bias !== undefined), hasRelu: Number(activation === 'relu') };
}
