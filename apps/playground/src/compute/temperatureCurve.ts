/**
 * @file The output of one window over the whole range of temperatures.
 */
import { betaOf } from './temperature.js';
import { windowNumbers } from './windowNumbers.js';

export interface TemperatureCurve {
  /** Positions on the slider, 0 … 1. */
  readonly temperatures: readonly number[];
  readonly outputs: readonly number[];
  readonly average: number;
  readonly maximum: number;
}

export function temperatureCurve(inputs: readonly number[], points = 60): TemperatureCurve {
  const temperatures = Array.from({ length: points + 1 }, (_, i) => i / points);
  const outputs = temperatures.map(
    (temperature) => windowNumbers(inputs, { pooling: 'soft', beta: betaOf(temperature), rule: 'exact' }).output,
  );
  return { temperatures, outputs, average: outputs[0]!, maximum: outputs.at(-1)! };
}
