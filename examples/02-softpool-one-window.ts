/**
 * SoftPool on one window, by hand and by the library.
 *
 *   wᵢ = exp(β xᵢ) / Σ exp(β xⱼ)      y = Σ wᵢ xᵢ      ∂y/∂xᵢ = wᵢ (1 + β (xᵢ − y))
 *
 *   npx tsx examples/02-softpool-one-window.ts
 */
import { avgPool2d, gradients, maxPool2d, softPool2d, tensor } from 'softgrad';

const values = [0.5, 2, -1, 1];
const beta = 1;

// By hand. The largest value is subtracted first, so that nothing overflows.
const largest = Math.max(...values);
const exponentials = values.map((value) => Math.exp(beta * (value - largest)));
const sumOfExponentials = exponentials.reduce((a, b) => a + b);
const weights = exponentials.map((e) => e / sumOfExponentials);
const pooled = values.reduce((total, value, i) => total + value * weights[i]!, 0);
const byHand = values.map((value, i) => weights[i]! * (1 + beta * (value - pooled)));

// By the library: one image of one channel, [N, C, H, W], and a window that covers it.
const x = tensor(Float32Array.from(values), { shape: [1, 1, 2, 2], requiresGrad: true });
const y = softPool2d(x, { kernelSize: 2, beta });
const [exact] = gradients(y, [x]);
const [detached] = gradients(softPool2d(x, { kernelSize: 2, beta, gradient: 'detached' }), [x]);

const row = (name: string, numbers: ArrayLike<number> | undefined) =>
  console.log(name.padEnd(28), Array.from(numbers ?? [], (number) => number.toFixed(4).padStart(8)).join(' '));

row('window', values);
row('weights', weights);
row('gradient by hand', byHand);
row('gradient by softgrad', await exact?.data());
row('gradient, weights constant', await detached?.data());
console.log('Both gradients add up to 1; only the exact one is negative where a cell lies far below the average.\n');

// Between the average and the maximum; β says where.
row('average', await avgPool2d(x, { kernelSize: 2 }).data());
for (const b of [0, 0.5, 1, 2, 8]) row(`softPool, β = ${b}`, await softPool2d(x, { kernelSize: 2, beta: b }).data());
row('maximum', await maxPool2d(x, { kernelSize: 2 }).data());
row('softPool by hand, β = 1', [pooled]);

// Numbers that overflow exp() are ordinary: only differences matter.
const far = tensor([
  [
    [
      [10_000, 9_999],
      [-10_000, 9_998],
    ],
  ],
]);
row('softPool of ±10,000', await softPool2d(far, { kernelSize: 2 }).data());
