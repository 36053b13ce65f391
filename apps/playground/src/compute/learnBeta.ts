/**
 * @file A temperature that is learned: SoftPool with β as a parameter is trained until it does what another pooling does.
 */
import { mean, mul, Parameter, scope, softPool2d, sub, tensor } from 'softgrad';
import { Adam } from 'softgrad/optim';
import { activation, luminance, type Picture } from '../pictures/picture.js';
import { type PoolSettings, poolTensor } from './strategies.js';

/** Whose outputs SoftPool learns to give: max, average, or SoftPool with β = 2. */
export type BetaTarget = 'max' | 'avg' | 'sharp';

export const SHARP_BETA = 2;

export interface BetaStep {
  readonly beta: number;
  /** Mean squared distance from the target's outputs, before the update. */
  readonly loss: number;
}

const SIDE = 48;
const WINDOW = { kernel: 4, stride: 4, padding: 0 };
const LEARNING_RATE = 0.2;

/** Trains β from `start`, one step at a time; whoever asks for no more frees everything. */
export function* learnBeta(picture: Picture, target: BetaTarget, start = 1): Generator<BetaStep, void, void> {
  const x = tensor(middle(picture), { shape: [1, SIDE, SIDE], dtype: 'float64', backend: 'reference' });
  const settings: PoolSettings = { ...WINDOW, beta: SHARP_BETA };
  const wanted = poolTensor(target === 'sharp' ? 'soft' : target, x, settings);
  const beta = new Parameter(tensor([start], { dtype: 'float64', backend: 'reference' }));
  const optimizer = new Adam([beta], { lr: LEARNING_RATE });
  try {
    for (;;) {
      const loss = scope(() => {
        const distance = sub(softPool2d(x, { kernelSize: WINDOW.kernel, beta }), wanted);
        const cost = mean(mul(distance, distance));
        cost.backward();
        return cost.detach();
      });
      const step = { beta: beta.dataSync()[0]!, loss: loss.dataSync()[0]! };
      loss.dispose();
      optimizer.step();
      optimizer.zeroGrad();
      yield step;
    }
  } finally {
    for (const tensor of [x, wanted, beta]) tensor.dispose();
    optimizer.dispose();
  }
}

/** Activations of a square from the lower middle, where the built-in pictures have most to show. */
function middle(picture: Picture): Float64Array {
  const light = luminance(picture);
  const [top, left] = [
    Math.max(0, Math.floor((picture.height - SIDE) * 0.7)),
    Math.max(0, Math.floor((picture.width - SIDE) / 2)),
  ];
  return Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const row = Math.min(picture.height - 1, top + Math.floor(i / SIDE));
    const column = Math.min(picture.width - 1, left + (i % SIDE));
    return activation(light[row * picture.width + column]!);
  });
}
