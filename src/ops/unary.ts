/**
 * @file Elementwise functions of one tensor, and the way to define more of them.
 */
import type { UnaryOp } from '../kernels/kernels.js';
import type { Tensor } from '../tensor/tensor.js';
import { div, mul } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';

/** An elementwise function; `vjp` gets the cotangent g, the input x and the output y. */
export function unary(
  name: UnaryOp,
  vjp: (g: Tensor, x: Tensor, y: Tensor) => Tensor | undefined,
): (x: Tensor) => Tensor {
  const op: Op<readonly [Tensor]> = defineOp({
    name,
    shape: ([x]) => x.shape,
    forward: (kernels, [x]) => kernels.unary(name, x.storage, 0),
    vjp: (cotangent, { inputs: [x], output }) => [() => vjp(cotangent, x, output)],
  });
  return (x) => op([x], undefined);
}

/** eˣ */
export const exp = unary('exp', (g, _, y) => mul(g, y));

/** The natural logarithm; NaN below 0, −∞ at 0 */
export const log = unary('log', (g, x) => div(g, x));

/** √x; NaN below 0 */
export const sqrt = unary('sqrt', (g, _, y) => div(mul(g, 0.5), y));

/** |x|; its gradient at 0 is 0 */
export const abs = unary('abs', (g, x) => mul(g, sign(x)));

/** −1, 0 or 1 */
export const sign = unary('sign', () => undefined);

/** The error function 2/√π ∫₀ˣ e^(−t²) dt */
export const erf = unary('erf', (g, x) => mul(g, mul(exp(mul(mul(x, x), -1)), 2 / Math.sqrt(Math.PI))));
