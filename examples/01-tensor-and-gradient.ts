/**
 * Tensors, and gradients of what is computed with them.
 *
 *   npx tsx examples/01-tensor-and-gradient.ts
 */
import { add, exp, grad, matmul, memory, mul, pow, scope, sum, tanh, tensor } from 'softgrad';

// Operations are functions. Shapes broadcast as in NumPy: a row is added to every row of a matrix.
const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const row = tensor([10, 20, 30]);
const total = add(matrix, row);
console.log('matrix + row    ', `[${total.shape}]`, [...(await total.data())]);

// Calling an operation is synchronous, reading a value is asynchronous: the same code runs on a GPU.
const product = matmul(matrix, row);
console.log('matrix · row    ', `[${product.shape}]`, [...(await product.data())]);

// What requires a gradient gets one from backward(): here ∂/∂x Σ x² = 2x. A second backward() adds to it.
const x = tensor([1, -2, 3], { requiresGrad: true });
sum(mul(x, x)).backward();
console.log('∂ Σx² / ∂x      ', [...((await x.grad?.data()) ?? [])]);
sum(mul(x, 10)).backward();
console.log('… plus ∂ Σ10x   ', [...((await x.grad?.data()) ?? [])]);

// The same without state: grad(f) is the function ∂f/∂x. It can be applied again.
const cube = (t: typeof x) => sum(pow(t, 3));
const first = grad(cube);
const second = grad((t) => sum(first(t)));
console.log('x³ at 2         ', await cube(tensor([2])).item());
console.log('its derivatives ', await first(tensor([2])).item(), 'and', await second(tensor([2])).item());

// Newton's method on eˣ + x = 0, with the derivative taken automatically.
const f = (t: typeof x) => sum(add(exp(t), t));
let root = tensor([0]);
for (let step = 0; step < 5; step++) root = add(root, -(await f(root).item()) / (await grad(f)(root).item()));
console.log('eˣ + x = 0 at   ', (await root.item()).toFixed(6), 'where f is', (await f(root).item()).toExponential(1));

// A scope frees every tensor made inside, except what it returns.
const before = memory().tensors;
const result = scope(() => tanh(mul(add(matrix, row), 0.01)));
console.log('alive afterwards', memory().tensors - before, 'of 3 tensors:', `${result}`);
