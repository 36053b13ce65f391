/**
 * @file Batch normalisation kernels.
 */
import type { Kernels, NormParameters } from '../kernels.js';
import type { NormGeometry } from '../layouts.js';
import { elementTasks } from './elementTasks.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** Bytes per channel: scale, mean, bias and 1/√(variance + eps) in float32; per channel and per plane: two float64 sums. */
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
        const planes = outer * channels;
        runtime.borrow('batchNorm partials', planes * SUM_BYTES, (partials) => {
          runtime.run('batchNormStatistics', [x.address, partials, inner], { tasks: planes, cells: x.length });
          const args = [partials, mean.address, variance.address, outer, channels, inner];
          runtime.run('batchNormStatisticsFinish', args, { tasks: channels, cells: planes });
        });
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
        const tail = [channels, inner, Number(norm.activation === 'relu')];
        const planes = outer * channels;
        const y = runtime.produce('batchNormGrad', x.length, (inputGrad) =>
          withCoefficients(norm, geometry, (coefficients) =>
            runtime.borrow('batchNorm sums', (planes + channels) * SUM_BYTES, (sums) => {
              const partials = sums + channels * SUM_BYTES;
              const read = [cotangent.address, x.address];
              const work = { tasks: planes, cells: x.length * 2 };
              runtime.run('batchNormSums', [...read, coefficients, partials, ...tail], work);
              const columns = { tasks: channels, cells: planes };
              runtime.run('batchNormSumsFinish', [partials, sums, outer, channels], columns);
              const used = batchStatistics ? sums : 0;
              runtime.run('batchNormGrad', [...read, inputGrad.address, coefficients, used, outer, ...tail], work);
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
