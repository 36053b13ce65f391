/**
 * @file Kernels that move cells.
 */
import type { Kernels } from '../kernels.js';
import type { StridedLayout } from '../layouts.js';
import { stridedAxes } from './axisLists.js';
import { elementTasks } from './elementTasks.js';
import { requireFloat32 } from './requireFloat32.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

export function movementKernels(
  runtime: WasmRuntime,
): Pick<Kernels<WasmStorage>, 'fill' | 'gatherStrided' | 'scatterStrided' | 'concat'> {
  const walk = (kernel: string, x: WasmStorage, y: WasmStorage, { shape, strides, offset }: StridedLayout): void => {
    const layout = runtime.ints(stridedAxes(kernel, shape, strides));
    const cells = shape.reduce((product, size) => product * size, 1);
    runtime.run(kernel, [x.address, y.address, layout, offset], elementTasks(cells));
  };

  return {
    fill: (length, value, dtype) =>
      runtime.produce('fill', length, (y) => {
        requireFloat32('fill', dtype);
        runtime.run('fill', [y.address, length, value], elementTasks(length));
      }),

    gatherStrided: (x, layout) => {
      const length = layout.shape.reduce((product, size) => product * size, 1);
      return runtime.produce('gatherStrided', length, (y) => walk('gatherStrided', x, y, layout));
    },

    scatterStrided: (x, layout, length) =>
      runtime.produce('scatterStrided', length, (y) => {
        if (x.length < length) runtime.run('fill', [y.address, length, 0], elementTasks(length));
        walk('scatterStrided', x, y, layout);
      }),

    concat: (parts, outer) => {
      const outInner = parts.reduce((total, { inner }) => total + inner, 0);
      return runtime.produce('concat', outer * outInner, (y) => {
        let start = 0;
        for (const { storage, inner } of parts) {
          const args = [storage.address, y.address, inner, outInner, start];
          runtime.run('concat', args, { tasks: outer, cells: outer * inner });
          start += inner;
        }
      });
    },
  };
}
