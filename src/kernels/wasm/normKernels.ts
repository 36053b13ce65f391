/**
 * @file Batch normalisation kernels.
 */
import type { Kernels, Moments, NormParameters, RunningMoments } from '../kernels.js';
import type { NormGeometry } from '../layouts.js';
import { elementTasks } from './elementTasks.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** Bytes per channel: scale, mean, bias and 1/√(variance + eps) in float32; per channel and per plane: two float64 sums. */
const COEFFICIENT_BYTES = 16;
const SUM_BYTES = 16;

export function normKernels(
  runtime: WasmRuntime,
): Pick<Kernels<WasmStorage>, 'batchNormStatistics' | 'batchNorm' | 'batchNormGrad'> {
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

  const followed = (
    running: RunningMoments<WasmStorage>,
    observed: Moments<WasmStorage>,
    unbiased: number,
  ): Moments<WasmStorage> => {
    const { length } = running.mean;
    return runtime.producePair('batchNormStatistics', length, (mean, variance) => {
      const move = (from: WasmStorage, to: WasmStorage, moved: WasmStorage, scale: number): void => {
        const args = [from.address, to.address, moved.address, length, running.momentum, scale];
        runtime.run('lerp', args, elementTasks(length));
      };
      move(running.mean, observed.mean, mean, 1);
      move(running.variance, observed.variance, variance, unbiased);
      return { mean, variance };
    });
  };

  return {
    batchNormStatistics: (x, { outer, channels, inner }, running) =>
      runtime.producePair('batchNormStatistics', channels, (mean, variance) => {
        const planes = outer * channels;
        runtime.borrow('batchNorm partials', planes * SUM_BYTES, (partials) => {
          runtime.run('batchNormStatistics', [x.address, partials, inner], { tasks: planes, cells: x.length });
          const args = [partials, mean.address, variance.address, outer, channels, inner];
          runtime.run('batchNormStatisticsFinish', args, { tasks: channels, cells: planes });
        });
        const count = outer * inner;
        return { mean, variance, running: running && followed(running, { mean, variance }, count / (count - 1)) };
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
  };
}
