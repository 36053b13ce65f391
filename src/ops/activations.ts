/**
 * @file Activation functions.
 */
import type { Tensor } from '../tensor/tensor.js';
import { add, mul, reluGrad } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';
import { erf, exp, unary } from './unary.js';

/** max(x, 0); its gradient at 0 is 0 */
export const relu = unary('relu', (g, x) => reluGrad(g, x));

/** 1 / (1 + e^(−x)) */
export const sigmoid = unary('sigmoid', (g, _, y) => mul(g, mul(y, add(mul(y, -1), 1))));

/** The hyperbolic tangent */
export const tanh = unary('tanh', (g, _, y) => mul(g, add(mul(mul(y, y), -1), 1)));

/** log(1 + eˣ), without overflow */
export const softplus = unary('softplus', (g, x) => mul(g, sigmoid(x)));

/** x · sigmoid(x), also known as swish (Elfwing et al. 2017; Ramachandran et al. 2017) */
export const silu = unary('silu', (g, x) => {
  const s = sigmoid(x);
  return mul(g, mul(s, add(mul(x, add(mul(s, -1), 1)), 1)));
});

/** x Φ(x) with the normal distribution function Φ, exact (Hendrycks and Gimpel 2016) */
export const gelu = unary('gelu', (g, x) => {
  const distribution = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return mul(g, add(distribution, mul(x, density)));
});

const leakyReluOp: Op<readonly [Tensor], number> = defineOp({
  name: 'leakyRelu',
  shape: ([x]) => x.shape,
  forward: (kernels, [x], slope) => kernels.unary('leakyRelu', x.storage, slope),
  vjp: (cotangent, { inputs: [x], attributes: slope }) => [() => reluGrad(cotangent, x, slope)],
});

/** x where x > 0, else `negativeSlope` · x */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return leakyReluOp([x], negativeSlope);
}
