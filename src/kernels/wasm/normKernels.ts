/**
 * @file Batch normalisation kernels.
 */
import type { Kernels, NormParameters } from '../kernels.js';
import type { NormGeometry } from '../layouts.js';
import { elementTasks } from './elementTasks.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** Bytes per channel: scale, mean, bias and 1/√(variance + eps) in float32; two sums in float64. */
const COEFFICIENT_BYTES = 16;
const SUM_BYTES = 16;

export function normKernels(
  runtime: WasmRuntime,
): Pick<Kernels<WasmStorage>, 'batchNormStatistics' | 'batchNorm' | 'batchNormGrad' | 'updateRunning'> {
  /** Lends what each channel is scaled and shifted by. */
  const withCoefficients = (
    { mean, variance, weight, bias, eps }: NormParameters<WasmStorage>,
    { channels }: NormGeometry,
    use: (coefficients: number) => void,
  ): void =>
    runtime.borrow('batchNorm coefficients', channels * COEFFICIENT_BYTES, (coefficients) => {
      const affine = [weight?.address ?? 0, bias?.address ?? 0];
      runtime.call('batchNormCoefficients', mean.address, variance.address, ...affine, eps, coefficients, channels);
      use(coefficients);
    });

  return {
    batchNormStatistics: (x, { outer, channels, inner }) =>
      runtime.producePair('batchNormStatistics', channels, (mean, variance) => {
        const args = [x.address, mean.address, variance.address, outer, channels, inner];
        runtime.run('batchNormStatistics', args, { tasks: channels, cells: x.length });
        return { mean, variance };
      }),

    batchNorm: (x, norm, geometry) =>
      runtime.produce('batchNorm', x.length, (y) =>
        withCoefficients(norm, geometry, (coefficients) => {
          const { outer, channels, inner } = geometry;
          const relu = Number(norm.activation === 'relu');
          const args = [x.address, y.address, coefficients, outer, channels, inner, relu];
          runtime.run('batchNorm', args, { tasks: outer * channels, cells: x.length });
        }),
      ),

    batchNormGrad: (cotangent, x, norm, geometry, batchStatistics) =>
      runtime.producePair('batchNormGrad', geometry.channels, (weight, bias) => {
        const { outer, channels, inner } = geometry;
        const tail = [outer, channels, inner, Number(norm.activation === 'relu')];
        const y = runtime.produce('batchNormGrad', x.length, (inputGrad) =>
          withCoefficients(norm, geometry, (coefficients) =>
            runtime.borrow('batchNorm sums', channels * SUM_BYTES, (sums) => {
              const read = [cotangent.address, x.address];
              const cells = x.length * 2;
              runtime.run('batchNormSums', [...read, coefficients, sums, ...tail], { tasks: channels, cells });
              const used = batchStatistics ? sums : 0;
              const args = [...read, inputGrad.address, coefficients, used, ...tail];
              runtime.run('batchNormGrad', args, { tasks: outer * channels, cells });
              runtime.call('batchNormParameterGrads', coefficients, sums, weight.address, bias.address, channels);
            }),
          ),
        );
        return { x: y, weight, bias };
      }),

    updateRunning: (running, observed, momentum, count) => {
      const { length } = running.mean;
      const blend = (into: WasmStorage, from: WasmStorage, scale: number): void =>
        runtime.run('lerp', [into.address, from.address, length, momentum, scale], elementTasks(length));
      blend(running.mean, observed.mean, 1);
      blend(running.variance, observed.variance, count / (count - 1));
      return running;
    },
  };
}
