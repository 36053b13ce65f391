import { ArgumentError } from '../../errors.js';

/** @throws ArgumentError naming the model and the option if one isn't a positive integer */
export function checkSizes(model: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new ArgumentError(`${model}: ${name} must be a positive integer, got ${value}`);
  }
}
