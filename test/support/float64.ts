import type { NestedNumbers, NumberArray, Shape, Tensor } from '../../src/index.js';
import { tensor } from '../../src/index.js';

/** A float64 tensor on the reference backend, which most tests of operations compute with. */
export function float64(values: NestedNumbers | NumberArray, shape?: Shape): Tensor {
  return tensor(values, { dtype: 'float64', backend: 'reference', ...(shape && { shape }) });
}

/** The same, requiring a gradient. */
export function variable64(values: NestedNumbers | NumberArray, shape?: Shape): Tensor {
  const t = float64(values, shape);
  t.requiresGrad = true;
  return t;
}

/** The values as plain numbers. */
export function valuesOf(t: Tensor | undefined): number[] {
  if (!t) throw new Error('there is no tensor');
  return Array.from(t.dataSync());
}
