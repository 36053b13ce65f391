/** @file Windows of pooling and convolution: sizes, padding, strides, dilation, ties. */
import { type Mutant, named } from './mutant.js';

const pytorchPooling = (title: string) =>
  named('test/ops/pytorchPooling.test.ts', 'PyTorch agrees on the value and the gradient of', title);
const pytorchOps = (title: string) =>
  named('test/ops/pytorchOps.test.ts', 'PyTorch agrees on the value and the gradients of', title);

export const windows: readonly Mutant[] = [
  {
    defect: 'padding of a convolution is off by one',
    file: 'src/kernels/reference/conv.ts',
    text: 'const height = h * stride[1] + kh * dilation[1] - padding[1];',
    replacement: 'const height = h * stride[1] + kh * dilation[1] - padding[1] + 1;',
    because: 'an off-by-one error',
    test: pytorchOps('\'{"id":13,"op":"conv2d"'),
  },
  {
    defect: 'padding of a pooling is off by one on the right',
    file: 'src/kernels/reference/windows.ts',
    text: 'return at < geometry.input[axis] ? at : -1;',
    replacement: 'return at <= geometry.input[axis] ? at : -1;',
    because: 'an off-by-one error',
    test: pytorchPooling('\'{"id":46,"op":"softPool2d"'),
  },
  {
    defect: 'the strides of height and width are swapped',
    file: 'src/kernels/windowGeometry.ts',
    text: 'stride: triple(stride, 1),',
    replacement: 'stride: triple(stride.toReversed(), 1),',
    because: 'square windows, which most are, do not show it',
    test: pytorchPooling('\'{"id":36,"op":"softPool2d"'),
  },
  {
    defect: 'ceil mode keeps a window that begins in the right padding',
    file: 'src/kernels/windowGeometry.ts',
    text: 'return (windows - 1) * stride >= size + padding ? windows - 1 : windows;',
    replacement: 'return windows;',
    because: 'PyTorch’s exception to its own formula is easily forgotten',
    test: named(
      'test/ops/pooling.test.ts',
      'avgPool',
      'counts padded cells by default, but none beyond the padding in ceil mode',
    ),
  },
  {
    defect: 'ceil mode rounds down',
    file: 'src/kernels/windowGeometry.ts',
    text: 'const windows = Math.ceil(span / stride) + 1;',
    replacement: 'const windows = Math.floor(span / stride) + 1;',
    because: 'sizes that divide do not show it',
    test: pytorchPooling('\'{"id":39,"op":"softPool2d"'),
  },
  {
    defect: 'the last of equal maxima takes the gradient',
    file: 'src/kernels/reference/windows.ts',
    text: 'if (best < 0 || value > current ||',
    replacement: 'if (best < 0 || value >= current ||',
    because: '≥ for >',
    test: named('test/ops/pooling.test.ts', 'maxPool', 'gives the whole gradient to the first of equal maxima'),
  },
  {
    defect: 'max pooling overlooks NaN',
    file: 'src/kernels/reference/windows.ts',
    text: ' || (Number.isNaN(value) && !Number.isNaN(current))) best = cell;',
    replacement: ') best = cell;',
    because: 'comparisons with NaN are false',
    test: named('test/ops/pooling.test.ts', 'maxPool', 'takes NaN for the maximum, and −∞ for a value'),
  },
  {
    defect: 'average pooling leaves padded cells out of the divisor by default',
    file: 'src/ops/avgPool.ts',
    text: 'const { countIncludePad = true, ...window } = options;',
    replacement: 'const { countIncludePad = false, ...window } = options;',
    because: 'it is what every other pooling here does',
    test: named(
      'test/ops/pooling.test.ts',
      'avgPool',
      'counts padded cells by default, but none beyond the padding in ceil mode',
    ),
  },
  {
    defect: 'the divisor of average pooling counts cells that ceil mode adds',
    file: 'src/kernels/reference/windows.ts',
    text: 'return product * Math.min(geometry.kernel[axis], geometry.input[axis] + geometry.padding[axis] - start);',
    replacement: 'return product * geometry.kernel[axis];',
    because: 'without ceil mode it is the same',
    test: pytorchPooling('\'{"id":61,"op":"avgPool2d"'),
  },
  {
    defect: 'dilation of a convolution is dropped',
    file: 'src/kernels/reference/conv.ts',
    text: 'const shift = k * geometry.dilation[2] - geometry.padding[2];',
    replacement: 'const shift = k - geometry.padding[2];',
    because: 'dilation is 1 nearly everywhere',
    test: pytorchOps('\'{"id":2,"op":"conv1d"'),
  },
  {
    defect: 'groups of a convolution all read the first channels',
    file: 'src/kernels/reference/conv.ts',
    text: 'const firstInput = Math.floor(o / outGroup) * inGroup;',
    replacement: 'const firstInput = 0;',
    because: 'one group does not show it',
    test: pytorchOps('\'{"id":3,"op":"conv1d"'),
  },
  {
    defect: 'a fused relu is forgotten in the gradient of a convolution',
    file: 'src/ops/conv.ts',
    text: "const g = convolution.activation === 'relu' ? reluGrad(cotangent, output) : cotangent;",
    replacement: 'const g = cotangent;',
    because: 'the activation came later than the operation',
    test: named(
      'test/ops/gradients/linear.test.ts',
      'convolutions, products, norms and losses',
      'conv2d passes gradcheck over 100 geometries',
    ),
  },
  {
    defect: 'the gradient of importance pooling in its logits has the wrong sign',
    file: 'src/kernels/reference/softPool.ts',
    text: 'at(grad, cell) + g * at(weights, k) * (at(x.values, cell) - origin - mean)',
    replacement: 'at(grad, cell) - g * at(weights, k) * (at(x.values, cell) - origin - mean)',
    because: 'y − x for x − y',
    test: named(
      'test/ops/gradients/pooling.test.ts',
      'pooling operations',
      'importancePool2d passes gradcheck over 100 geometries',
    ),
  },
  {
    defect: 'the second derivative of importance pooling lacks a term',
    file: 'src/ops/importancePool.ts',
    text: '() => sub(importancePool([mul(x, c), logits], window), mul(meanX, meanC)),',
    replacement: '() => importancePool([mul(x, c), logits], window),',
    because: 'the product rule by hand',
    test: named(
      'test/ops/gradients/pooling.test.ts',
      'pooling operations',
      'importancePool1d passes gradgradcheck over 100 geometries',
    ),
  },
];
