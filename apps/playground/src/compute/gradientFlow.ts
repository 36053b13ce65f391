/**
 * @file Where the gradient of one output goes, for every kind of pooling, and where a descent along it leads.
 */
import { grad, mean, mul, scope, sub, sum, type Tensor, tensor, valueAndGrad } from 'softgrad';
import { activation, luminance, type Picture } from '../pictures/picture.js';
import { type PoolSettings, poolLayer } from './strategies.js';
import { insideCorner } from './windowNumbers.js';

/** Height and width of the input, and of the output, whose windows touch or overlap. */
export const INPUT_SIDE = 8;
export const OUTPUT_SIDE = 4;

/** The four gradients that are compared. */
export const FLOWS = ['max', 'avg', 'soft', 'detached'] as const;
export type Flow = (typeof FLOWS)[number];

export interface FlowSettings {
  readonly beta: number;
  readonly overlap: boolean;
}

/** Windows of 2 × 2 that touch, or of 3 × 3 that overlap by one cell. */
export function flowWindow(overlap: boolean): Pick<PoolSettings, 'kernel' | 'stride' | 'padding'> {
  return overlap ? { kernel: 3, stride: 2, padding: 1 } : { kernel: 2, stride: 2, padding: 0 };
}

/** Activations `[8, 8]` of a part of a picture. */
export function flowInput(picture: Picture, corner: { row: number; column: number }): number[] {
  const { row, column } = insideCorner(picture, corner, INPUT_SIDE);
  const light = luminance(picture);
  return Array.from({ length: INPUT_SIDE ** 2 }, (_, i) => {
    return activation(light[(row + Math.floor(i / INPUT_SIDE)) * picture.width + column + (i % INPUT_SIDE)]!);
  });
}

/** ∂output/∂input `[8, 8]`: of one output, or of the sum of all. */
export function gradientFlow(
  input: readonly number[],
  flow: Flow,
  settings: FlowSettings,
  output: number | undefined,
): number[] {
  return scope(() => {
    const mask = Float64Array.from({ length: OUTPUT_SIDE ** 2 }, (_, i) =>
      output === undefined || i === output ? 1 : 0,
    );
    const chosen = plane(mask, OUTPUT_SIDE);
    const pool = pooling(flow, settings);
    return [...grad((x) => sum(mul(pool(x), chosen)))(plane(input, INPUT_SIDE)).dataSync()];
  });
}

/** Half the mean squared distance of the outputs from their targets, after each of `steps` steps of gradient descent. */
export function descent(
  input: readonly number[],
  flow: Flow,
  settings: FlowSettings & { readonly rate: number },
  steps = 40,
): number[] {
  return scope(() => {
    const pool = pooling(flow, settings);
    // What the same pooling makes of the mirrored picture: a target that it can reach.
    const target = pool(plane(mirrored(input), INPUT_SIDE)).detach();
    const lossAndGrad = valueAndGrad((x) => {
      const distance = sub(pool(x), target);
      return mul(mean(mul(distance, distance)), 0.5);
    });
    let x = plane(input, INPUT_SIDE);
    const losses: number[] = [];
    for (let step = 0; step <= steps; step++) {
      const [loss, gradient] = lossAndGrad(x);
      losses.push(loss.dataSync()[0]!);
      // A mean over 16 outputs has gradients 16 times smaller; the rate counts per output.
      x = sub(x, mul(gradient, settings.rate * OUTPUT_SIDE ** 2));
    }
    return losses;
  });
}

/** The mirror image of `[8, 8]`, left and right exchanged. */
export function mirrored(input: readonly number[]): number[] {
  return input.map((_, i) => input[i - (i % INPUT_SIDE) + INPUT_SIDE - 1 - (i % INPUT_SIDE)]!);
}

function pooling(flow: Flow, { beta, overlap }: FlowSettings): (x: Tensor) => Tensor {
  const name = flow === 'detached' ? 'soft' : flow;
  const rule = flow === 'detached' ? 'detached' : 'exact';
  const layer = poolLayer(name, { ...flowWindow(overlap), beta, rule }, 1);
  return (x) => layer.forward(x);
}

function plane(values: ArrayLike<number>, side: number): Tensor {
  return tensor(Float64Array.from(values), { shape: [1, side, side], dtype: 'float64', backend: 'reference' });
}
