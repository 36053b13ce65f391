/** @file Pooling. */
import fc from 'fast-check';
import type { Kernels, Storage } from '../../../src/kernels/kernels.js';
import { type WindowGeometry, windowGeometry } from '../../../src/kernels/windowGeometry.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import {
  type PoolingWindow,
  poolingWindow1d,
  poolingWindow2d,
  poolingWindow3d,
} from '../../../src/testing/arbitraries/poolingWindows.js';
import { type Cases, casesOf, type KernelCase, type Values, values } from './kernelCase.js';

/** The usual windows, with rows long enough for whole vectors. */
const usual = fc
  .record({
    planes: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 3, max: 12 }),
    width: fc.integer({ min: 3, max: 40 }),
    form: fc.constantFrom(
      { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0] },
      { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] },
      { kernelSize: [3, 3], stride: [1, 1], padding: [1, 1] },
      { kernelSize: [3, 3], stride: [3, 3], padding: [0, 0] },
    ),
    ceilMode: fc.boolean(),
  })
  .map(
    ({ planes, height, width, form, ceilMode }): PoolingWindow => ({
      shape: [planes, height, width],
      ...form,
      dilation: [1, 1],
      ceilMode,
    }),
  );

const windows = fc.record({
  window: fc.oneof(
    poolingWindow1d({ maxExtra: 20 }),
    poolingWindow2d({ maxExtra: 9 }),
    poolingWindow3d({ maxExtra: 3 }),
    usual,
  ),
  beta: fc.constantFrom(-1, 0, 0.5, 1, 1, 4),
  countIncludePad: fc.boolean(),
});

interface Pooling {
  readonly geometry: WindowGeometry;
  readonly x: number;
  readonly y: number;
  readonly beta: number;
  readonly countIncludePad: boolean;
}

/** Cases of a kernel whose inputs are of x's or y's size each. */
function poolingCases(
  sizes: readonly ('x' | 'y' | 'windows')[],
  run: (kernels: Kernels, pooling: Pooling, inputs: readonly [Storage, Storage, Storage]) => Storage,
  traits: Pick<KernelCase, 'isSum'> = {},
): Cases {
  return casesOf(windows, (drawn) => {
    const pooling = sized(drawn);
    const lengths = { ...pooling, windows: pooling.y * sizeOf(pooling.geometry.kernel) };
    return {
      ...traits,
      inputs: sizes.map((size, salt) => values(lengths[size], drawn, salt)),
      run: (kernels, inputs) => {
        const [a, b = a, c = a] = inputs;
        return a && b && c ? [run(kernels, pooling, [a, b, c])] : [];
      },
    };
  });
}

function sized({
  window,
  beta,
  countIncludePad,
}: {
  readonly window: PoolingWindow;
  readonly beta: number;
  readonly countIncludePad: boolean;
} & Values): Pooling {
  const rank = window.kernelSize.length as 1 | 2 | 3;
  const geometry = windowGeometry('pool', window.shape, rank, window);
  return { geometry, x: sizeOf(window.shape), y: geometry.planes * sizeOf(geometry.output), beta, countIncludePad };
}

export const softPool = poolingCases(['x'], (kernels, { geometry, beta }, [x]) => kernels.softPool(x, beta, geometry));
export const softPoolGrad = poolingCases(['y', 'x'], (kernels, { geometry, beta }, [g, x]) =>
  kernels.softPoolGrad(g, x, beta, geometry),
);
export const importancePool = poolingCases(['x', 'x'], (kernels, { geometry }, [x, logits]) =>
  kernels.importancePool(x, logits, geometry),
);
export const importanceUnpool = poolingCases(['y', 'x'], (kernels, { geometry }, [g, logits]) =>
  kernels.importanceUnpool(g, logits, geometry),
);
export const importanceLogitsGrad = poolingCases(['y', 'x', 'x'], (kernels, { geometry }, [g, x, logits]) =>
  kernels.importanceLogitsGrad(g, x, logits, geometry),
);
export const maxPool = poolingCases(['x', 'x'], (kernels, { geometry }, [x, keys]) =>
  kernels.maxPool(x, keys, geometry),
);
export const maxUnpool = poolingCases(['y', 'x'], (kernels, { geometry }, [g, keys]) =>
  kernels.maxUnpool(g, keys, geometry),
);
export const avgPool = poolingCases(
  ['x'],
  (kernels, { geometry, countIncludePad }, [x]) => kernels.avgPool(x, geometry, countIncludePad),
  { isSum: true },
);
export const avgUnpool = poolingCases(
  ['y'],
  (kernels, { geometry, countIncludePad }, [g]) => kernels.avgUnpool(g, geometry, countIncludePad),
  { isSum: true },
);
export const unfold = poolingCases(['x'], (kernels, { geometry, beta }, [x]) => kernels.unfold(x, geometry, beta));
export const fold = poolingCases(['windows'], (kernels, { geometry }, [cells]) => kernels.fold(cells, geometry), {
  isSum: true,
});
