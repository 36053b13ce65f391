/**
 * @file Everything about one window: weights, products, output and gradient, in float64 from the reference kernels.
 */
import { grad, scope, sum, type Tensor, tensor } from 'softgrad';
import { activation, luminance, type Picture } from '../pictures/picture.js';
import { poolLayer } from './strategies.js';

/** How a window by hand is pooled. */
export interface HandPooling {
  readonly pooling: 'soft' | 'max' | 'avg';
  readonly beta: number;
  readonly rule: 'exact' | 'detached';
}

export interface WindowNumbers {
  readonly inputs: readonly number[];
  /** What each input counts; they add up to 1. */
  readonly weights: readonly number[];
  /** Weight times input; they add up to the output. */
  readonly products: readonly number[];
  readonly output: number;
  /** ∂output/∂input. */
  readonly gradient: readonly number[];
}

/** The numbers of a square window. */
export function windowNumbers(inputs: readonly number[], how: HandPooling): WindowNumbers {
  const side = Math.round(Math.sqrt(inputs.length));
  const pooled = (rule: HandPooling['rule']): ((x: Tensor) => Tensor) => {
    const settings = { kernel: side, stride: side, padding: 0, beta: how.beta, rule };
    const layer = poolLayer(how.pooling, settings, 1);
    return (x) => sum(layer.forward(x));
  };
  return scope(() => {
    const x = tensor(Float64Array.from(inputs), { shape: [1, side, side], dtype: 'float64', backend: 'reference' });
    const derivative = (rule: HandPooling['rule']): number[] => [...grad(pooled(rule))(x).dataSync()];
    // With the weights held constant, an input's derivative is its weight.
    const weights = derivative('detached');
    const [output = Number.NaN] = pooled('exact')(x).dataSync();
    const products = weights.map((weight, i) => weight * inputs[i]!);
    return { inputs, weights, products, output, gradient: derivative(how.rule) };
  });
}

/**
 * The activations of a picture's brightness in a square of `side` cells, with the two decimals that are shown: whoever
 * calculates along uses the very numbers.
 */
export function windowInputs(picture: Picture, corner: { row: number; column: number }, side: number): number[] {
  const { row, column } = insideCorner(picture, corner, side);
  const light = luminance(picture);
  return Array.from({ length: side * side }, (_, i) => {
    const at = (row + Math.floor(i / side)) * picture.width + column + (i % side);
    return Number(activation(light[at]!).toFixed(2));
  });
}

/** The corner nearest to the wanted one at which a square of `side` cells fits. */
export function insideCorner(
  { width, height }: Pick<Picture, 'width' | 'height'>,
  { row, column }: { readonly row: number; readonly column: number },
  side: number,
): { row: number; column: number } {
  const within = (value: number, extent: number): number => Math.min(Math.max(0, extent - side), Math.max(0, value));
  return { row: within(row, height), column: within(column, width) };
}
