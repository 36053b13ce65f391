/** @file The graph, and the gradients of single operations. */
import { type Mutant, named } from './mutant.js';

const gradcheck = (table: string, group: string, operation: string) =>
  named(`test/ops/gradients/${table}.test.ts`, group, `${operation} passes gradcheck over 100 geometries`);
const elementwise = (operation: string) => gradcheck('elementwise', 'elementwise operations', operation);
const movement = (operation: string) => gradcheck('movement', 'reductions and movements', operation);
const linear = (operation: string) => gradcheck('linear', 'convolutions, products, norms and losses', operation);
const backward = (title: string) => named('test/tensor/backward.test.ts', 'backward', title);

export const gradients: readonly Mutant[] = [
  {
    defect: 'of a tensor that is used twice, one cotangent is lost',
    file: 'src/tensor/cotangents.ts',
    text: 'totals.set(tensor, keep(before ? sumOf(before, gradient) : gradient.alias()));',
    replacement: 'totals.set(tensor, keep(gradient.alias()));',
    because: 'chains, where nothing is used twice, work',
    test: backward('sums over all ways: x used twice, a diamond, a diamond of diamonds'),
  },
  {
    defect: 'the same, where second derivatives are recorded',
    file: 'src/tensor/cotangents.ts',
    text: 'totals.set(tensor, before ? sumOf(before, gradient) : gradient);',
    replacement: 'totals.set(tensor, gradient);',
    because: 'a second branch for a rare mode',
    test: named(
      'test/tensor/derivatives.test.ts',
      'createGraph',
      'sums over all ways, where a tensor on the way is used twice',
    ),
  },
  {
    defect: 'a second backward replaces .grad',
    file: 'src/tensor/graph.ts',
    text: 'const total = before ? sumOf(before, gradient) : gradient;',
    replacement: 'const total = gradient;',
    because: 'most training loops call it once',
    test: backward('adds to what is there'),
  },
  {
    defect: 'gradients pass a weight that was updated after the forward pass',
    file: 'src/tensor/graphNode.ts',
    text: 'if (input && input.version !== this.#versions[i]) {',
    replacement: 'if (input && input.version < this.#versions[i]!) {',
    because: 'the check looks superfluous until somebody needs it',
    test: named(
      'test/tensor/backward.test.ts',
      'backward objects to',
      'a parameter that was replaced after the forward pass',
    ),
  },
  {
    defect: 'the gradient of a broadcast operand is not summed over what was repeated',
    file: 'src/ops/arithmetic.ts',
    text: '() => sumTo(gradB(), b.shape)',
    replacement: '() => gradB()',
    because: 'operands of equal shapes need no sum',
    test: elementwise('mul'),
  },
  {
    defect: 'the gradient of a / b in b has the wrong sign',
    file: 'src/ops/arithmetic.ts',
    text: '() => neg(div(mul(g, y), b))',
    replacement: '() => div(mul(g, y), b)',
    because: 'a sign',
    test: elementwise('div'),
  },
  {
    defect: 'equal operands of maximum each take the whole gradient',
    file: 'src/ops/arithmetic.ts',
    text: 'return add(greater(a, b), mul(equal(a, b), 0.5));',
    replacement: 'return add(greater(a, b), equal(a, b));',
    because: 'no random test meets a tie',
    test: named(
      'test/ops/arithmetic.test.ts',
      'two operands',
      'share the gradient evenly where they are equal: maximum',
    ),
  },
  {
    defect: 'the gradient of a product takes a factor without its transposition',
    file: 'src/ops/matmul.ts',
    text: ': product(g, b, { transposeB: !transposeB });',
    replacement: ': product(g, b, { transposeB });',
    because: 'square matrices have the right shapes all the same',
    test: linear('matmul'),
  },
  {
    defect: 'the gradient of permute permutes again instead of back',
    file: 'src/ops/movement.ts',
    text: 'axes.map((_, axis) => axes.indexOf(axis)),',
    replacement: 'axes,',
    because: 'every exchange of two axes is its own inverse',
    test: movement('permute'),
  },
  {
    defect: 'the gradient of concat hands everybody the first part',
    file: 'src/ops/movement.ts',
    text: 'from += t ? sizeAt(t.shape, axis) : 0;',
    replacement: 'from = t ? sizeAt(t.shape, axis) : 0;',
    because: '= for +=',
    test: movement('concat'),
  },
  {
    defect: 'softmax runs along the last axis, whichever was asked for',
    file: 'src/ops/softmax.ts',
    text: "return softmaxOp([x], normalizeAxis('softmax', axis, x.rank));",
    replacement: 'return softmaxOp([x], x.rank - 1);',
    because: 'logits of classes have no other axis',
    test: named('test/ops/arithmetic.test.ts', 'softmax', 'sums to 1 along its axis'),
  },
  {
    defect: 'the gradient of softmax lacks its second term',
    file: 'src/ops/softmax.ts',
    text: '[mul(y, sub(g, sum(mul(g, y), axis, { keepDims: true })))]',
    replacement: '[mul(y, sub(g, mul(g, y)))]',
    because: 'the diagonal of the Jacobian alone',
    test: elementwise('softmax'),
  },
  {
    defect: 'label smoothing leaves the label its own share out',
    file: 'src/kernels/reference/reduce.ts',
    text: 'return smoothing / classes + (j === label ? 1 - smoothing : 0);',
    replacement: 'return j === label ? 1 - smoothing : smoothing / (classes - 1);',
    because: 'other frameworks and papers define it so',
    test: named(
      'test/ops/pytorchOps.test.ts',
      'PyTorch agrees on the value and the gradients of',
      '\'{"id":39,"op":"crossEntropy"',
    ),
  },
  {
    defect: 'dropout does not scale what it keeps',
    file: 'src/ops/dropout.ts',
    text: 'return mul(x, mul(kept, 1 / (1 - p)));',
    replacement: 'return mul(x, kept);',
    because: 'the original paper scales in evaluation instead',
    test: named('test/ops/linear.test.ts', 'dropout', 'drops with probability p, and scales what it keeps'),
  },
  {
    defect: 'a scope frees what the gradient of its result needs',
    file: 'src/tensor/scope.ts',
    text: 'if (value.node) pending.push(...value.node.keeps());',
    replacement: '',
    because: 'the result itself survives',
    test: named(
      'test/tensor/scope.test.ts',
      'scope',
      'keeps what a result needs for its backward pass, and frees it with that',
    ),
  },
];

export const normalization: readonly Mutant[] = [
  {
    defect: 'batch norm divides by the unbiased variance',
    file: 'src/kernels/reference/batchNorm.ts',
    text: 'squares.map((sum) => sum / count);',
    replacement: 'squares.map((sum) => sum / (count - 1));',
    because: 'the running variance is unbiased',
    test: named('test/ops/linear.test.ts', 'batchNorm', 'gives each channel mean 0 and variance 1 in training'),
  },
  {
    defect: 'the running variance is biased',
    file: 'src/kernels/reference/batchNorm.ts',
    text: 'followed(running, observed, count / (count - 1))',
    replacement: 'followed(running, observed, 1)',
    because: 'the batch’s own variance is biased',
    test: named(
      'test/ops/pytorchOps.test.ts',
      'PyTorch agrees on the running statistics of',
      '\'{"id":30,"op":"batchNorm"',
    ),
  },
  {
    defect: 'momentum is how much of the running mean stays',
    file: 'src/kernels/reference/batchNorm.ts',
    text: 'value * (1 - momentum) + momentum * scale * at(to.values, c)',
    replacement: 'value * momentum + (1 - momentum) * scale * at(to.values, c)',
    because: 'TensorFlow means it so',
    test: named(
      'test/ops/pytorchOps.test.ts',
      'PyTorch agrees on the running statistics of',
      '\'{"id":30,"op":"batchNorm"',
    ),
  },
  {
    defect: 'the gradient of batch norm takes the statistics for constants',
    file: 'src/kernels/reference/batchNorm.ts',
    text: 'grad.values[cell] = at(scale, channel) * (upstream(channel, cell) - common);',
    replacement: 'grad.values[cell] = at(scale, channel) * upstream(channel, cell);',
    because: 'it is right in evaluation',
    test: linear('batchNorm'),
  },
  {
    defect: 'a batch norm layer uses the batch’s statistics in evaluation',
    file: 'src/nn/batchNorm.ts',
    text: 'runningMean, runningVar, training });',
    replacement: 'runningMean, runningVar, training: true });',
    because: 'large batches do not show it',
    test: named(
      'test/nn/layers.test.ts',
      'layers compute what their operations do',
      'BatchNorm uses and moves batch statistics in training, running ones in evaluation',
    ),
  },
];
