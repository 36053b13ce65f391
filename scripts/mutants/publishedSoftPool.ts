/** @file What the published implementation of SoftPool gets wrong, written into our reference kernels and our operation. */
import { type Mutant, named } from './mutant.js';

const properties = (title: string) => named('test/ops/softPool.test.ts', 'softPool in float64', title);
const because = 'the published implementation does it';

export const publishedSoftPool: readonly Mutant[] = [
  {
    defect: 'exponentials are summed over channels',
    file: 'src/kernels/reference/softPool.ts',
    text: 'const weight = Math.exp(at(logits.values, at(inside, k)) - max);',
    replacement: `const plane = geometry.input[0] * geometry.input[1] * geometry.input[2];
      let weight = 0;
      for (let cell = at(inside, k) % plane; cell < logits.length; cell += plane) {
        weight += Math.exp(Math.min(at(logits.values, cell) - max, 0));
      }`,
    because,
    test: properties('keeps channels apart'),
  },
  {
    defect: 'the output is clamped at 0',
    file: 'src/kernels/reference/softPool.ts',
    text: 'out.values[window.output] = origin + meanFrom(origin, x, window);',
    replacement: 'out.values[window.output] = Math.max(0, origin + meanFrom(origin, x, window));',
    because,
    test: properties('shifts with its input: f(x + c) = f(x) + c'),
  },
  {
    defect: 'no maximum is subtracted',
    file: 'src/kernels/reference/softPool.ts',
    text: 'Math.exp(at(logits.values, at(inside, k)) - max)',
    replacement: 'Math.exp(at(logits.values, at(inside, k)))',
    because,
    test: named(
      'test/ops/softPool.test.ts',
      'softPool at the edges of float32',
      'is finite for 10000 and -10000, and so is its gradient',
    ),
  },
  {
    defect: 'NaN is rewritten to 0',
    file: 'src/kernels/reference/softPool.ts',
    text: 'out.values[window.output] = origin + meanFrom(origin, x, window);',
    replacement: 'out.values[window.output] = origin + meanFrom(origin, x, window) || 0;',
    because,
    test: named(
      'test/ops/softPool.test.ts',
      'softPool at the edges of float32',
      'NaN makes its own windows NaN, and no others',
    ),
  },
  {
    defect: 'depth is walked with the strides of rows (3D)',
    file: 'src/kernels/reference/windows.ts',
    text: 'const depth = coordinate(geometry, 0, d, kd);',
    replacement: 'const depth = coordinate({ ...geometry, stride: [geometry.stride[1], 1, 1] }, 0, d, kd);',
    because,
    test: properties('walks depth as it walks rows'),
  },
  {
    defect: 'overlapping windows are counted as if they did not overlap',
    file: 'src/kernels/windowGeometry.ts',
    text: 'if (!ceilMode) return Math.floor(span / stride) + 1;',
    replacement: 'if (!ceilMode) return Math.floor((size + 2 * padding) / stride) || 1;',
    because,
    test: properties('has the size of the usual pooling rule'),
  },
  {
    defect: 'the gradient takes the weights for constants',
    file: 'src/kernels/reference/softPool.ts',
    text: 'at(throughValues.values, i) + beta * at(throughWeights.values, i)',
    replacement: 'at(throughValues.values, i)',
    because,
    test: named('test/ops/softPool.test.ts', "softPool's gradient", 'equals its formula: exact'),
  },
  {
    defect: 'padded cells count as zeros',
    file: 'src/kernels/reference/softPool.ts',
    text: 'for (let k = 0; k < count; k++) weights[k] = at(weights, k) / total;',
    replacement: `total += (size - count) * Math.exp(-max);
    for (let k = 0; k < count; k++) weights[k] = at(weights, k) / total;`,
    because: 'a padded copy of the input needs no bounds, and other poolings read zeros there',
    test: properties('does not see padding'),
  },
  {
    defect: 'the gradient by name is always the exact one',
    file: 'src/ops/softPool.ts',
    text: "gradient === 'detached' ? logits.detach() : logits",
    replacement: 'logits',
    because: 'the sums of both gradients over a window are equal, and so are all values',
    test: named('test/ops/softPool.test.ts', "softPool's gradient", 'equals its formula: detached'),
  },
  {
    defect: 'a learned β gets no gradient',
    file: 'src/ops/softPool.ts',
    text: 'perChannel(operation, beta, x, rank));',
    replacement: 'perChannel(operation, beta.detach(), x, rank));',
    because: 'AdaPool’s code loses its β in the same way',
    test: named('test/ops/softPool.test.ts', "softPool's gradient", 'with respect to β is the variance of the window'),
  },
];
