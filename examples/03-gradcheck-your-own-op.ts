/**
 * An operation of one's own, and a check that its gradient is right.
 *
 *   npx tsx examples/03-gradcheck-your-own-op.ts
 */
import { avgPool2d, defineOp, mul, type Op, softPool2d, sqrt, type Tensor } from 'softgrad';
import { gradcheck, gradgradcheck } from 'softgrad/testing';

// An operation made of others needs no gradient of its own. This one pools by the root of the mean square.
const rmsPool2d = (x: Tensor, kernelSize: number) => sqrt(avgPool2d(mul(x, x), { kernelSize }));

// An operation with a kernel brings its vjp: from the cotangent ∂L/∂y it makes ∂L/∂x, written in operations.
const square: Op<readonly [Tensor]> = defineOp({
  name: 'square',
  shape: ([x]) => x.shape,
  forward: (kernels, [x]) => kernels.unary('pow', x.storage, 2),
  vjp: (cotangent, { inputs: [x] }) => [mul(cotangent, mul(x, 2))],
});

// The same with a slip of the pen: 1.9 instead of 2.
const slip: Op<readonly [Tensor]> = defineOp({
  name: 'slip',
  shape: ([x]) => x.shape,
  forward: (kernels, [x]) => kernels.unary('pow', x.storage, 2),
  vjp: (cotangent, { inputs: [x] }) => [mul(cotangent, mul(x, 1.9))],
});

// gradcheck compares with central differences in float64, at random points of the given shapes (or at your own tensors).
console.log('rmsPool2d:', (await gradcheck((x) => rmsPool2d(x, 2), [{ shape: [1, 2, 4, 4] }])).message);
console.log('square:   ', (await gradcheck((x) => square([x], undefined), [{ shape: [3, 2] }])).message);

// gradgradcheck does the same for second derivatives.
console.log('again:    ', (await gradgradcheck((x) => square([x], undefined), [{ shape: [3, 2] }])).message);

// A wrong gradient throws an error that names the worst element, both values and the step.
try {
  await gradcheck((x) => slip([x], undefined), [{ shape: [3, 2] }]);
} catch (error) {
  console.log('\nslip:     ', error instanceof Error ? error.message : error);
}

// SoftPool with the paper's gradient holds the weights constant: not the derivative of what it computes, and found out.
const detached = await gradcheck(
  (x) => softPool2d(x, { kernelSize: 2, gradient: 'detached' }),
  [{ shape: [1, 1, 4, 4] }],
  { throwOnFailure: false },
);
console.log('\ndetached: ', detached.passed ? 'passed' : `${detached.failures} of 16 derivatives differ`);
