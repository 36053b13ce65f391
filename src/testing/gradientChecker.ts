/**
 * @file A function at one point: its gradients by backward, and its differences around the point.
 */
import { ArgumentError } from '../errors.js';
import { tensor } from '../tensor/create.js';
import type { Generator } from '../tensor/generator.js';
import { vjp } from '../tensor/graph.js';
import { scope } from '../tensor/scope.js';
import { type Shape, stridesOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { PointInput } from './gradcheckInput.js';
import { type DerivativeCheck, severity } from './gradcheckReport.js';
import { type Difference, ridders } from './ridders.js';

/** A function of tensors, with one output or several. */
export type CheckedFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

export interface Tolerances {
  readonly atol: number;
  readonly rtol: number;
  /** Largest step of the central differences. */
  readonly step: number;
}

/** The elements of one input that move together, and how far in proportion to the step. */
type Direction = readonly { readonly element: number; readonly weight: number }[];

export class GradientChecker {
  readonly #f: CheckedFunction;
  readonly #point: readonly PointInput[];
  readonly #generator: Generator;
  readonly #tolerances: Tolerances;
  /** One weight per element of each output: the checked scalar is Σ weight · element. */
  readonly #cotangents: readonly Float64Array[];
  readonly #gradients: readonly Float64Array[];

  constructor(
    operation: string,
    f: CheckedFunction,
    point: readonly PointInput[],
    generator: Generator,
    tolerances: Tolerances,
  ) {
    this.#f = f;
    this.#point = point;
    this.#generator = generator;
    this.#tolerances = tolerances;
    const values = point.map((input) => input.values);
    const outputs = this.#evaluate(values);
    if (!sameValues(outputs, this.#evaluate(values))) {
      throw new ArgumentError(
        `${operation}: the function returns different values for the same inputs; whatever is random in it needs a new Generator(seed) at every call`,
      );
    }
    const isScalar = outputs.length === 1 && outputs[0]?.length === 1;
    this.#cotangents = outputs.map(({ length }) => (isScalar ? Float64Array.of(1) : randomWeights(length, generator)));
    this.#gradients = this.#backward(values);
  }

  /** Compares every partial derivative in one input. */
  checkElements(input: number): DerivativeCheck[] {
    return Array.from(this.#valuesOf(input), (_, element) => this.#check(input, [{ element, weight: 1 }]));
  }

  /** Compares derivatives along random directions, up to the first failure, which is narrowed down to one element. */
  checkDirections(input: number, count: number): DerivativeCheck[] {
    const checks: DerivativeCheck[] = [];
    for (let i = 0; i < count; i++) {
      const weights = randomWeights(this.#valuesOf(input).length, this.#generator);
      const direction = Array.from(weights, (weight, element) => ({ element, weight }));
      const check = this.#check(input, direction);
      if (severity(check) > 1) return [...checks, this.#narrow(input, direction, check)];
      checks.push(check);
    }
    return checks;
  }

  /** Follows the half of a failing direction that fails worse, as long as one does. */
  #narrow(input: number, direction: Direction, failure: DerivativeCheck): DerivativeCheck {
    const middle = direction.length >> 1;
    const halves = middle > 0 ? [direction.slice(0, middle), direction.slice(middle)] : [];
    const [worse] = halves
      .map((half) => ({ half, check: this.#check(input, half) }))
      .sort((a, b) => severity(b.check) - severity(a.check));
    return worse && severity(worse.check) > 1 ? this.#narrow(input, worse.half, worse.check) : failure;
  }

  #check(input: number, direction: Direction): DerivativeCheck {
    const { atol, rtol, step } = this.#tolerances;
    const gradient = this.#gradients[input] ?? [];
    const analytic = direction.reduce((total, { element, weight }) => total + weight * at(gradient, element), 0);
    const estimates = ridders((h) => this.#difference(input, direction, h), step);
    const index = direction.length === 1 ? this.#indexOf(input, direction[0]?.element ?? 0) : undefined;
    let result: DerivativeCheck | undefined;
    for (const { value: numeric, uncertainty, rounding, step: smallest } of estimates) {
      const error = Math.abs(analytic - numeric);
      const tolerance = atol + rtol * Math.abs(numeric) + rounding;
      result = { input, index, analytic, numeric, error, tolerance, uncertainty, step: smallest };
      if (severity(result) <= 1) break;
    }
    if (!result) throw new RangeError(`no estimate of a derivative with step ${step}`);
    return result;
  }

  /** L(x + hd) − L(x − hd), taken element by element, so that outputs which don't move add no rounding. */
  #difference(input: number, direction: Direction, h: number): Difference {
    const above = this.#evaluate(this.#moved(input, direction, h));
    const below = this.#evaluate(this.#moved(input, direction, -h));
    let value = 0;
    let magnitude = 0;
    this.#cotangents.forEach((cotangent, j) => {
      cotangent.forEach((weight, i) => {
        const [up, down] = [at(above[j] ?? [], i), at(below[j] ?? [], i)];
        if (up === down) return;
        value += weight * (up - down);
        magnitude += Math.abs(weight) * (Math.abs(up) + Math.abs(down));
      });
    });
    // Besides the last bit of each value, a few more are lost inside the function.
    return { value, rounding: 4 * Number.EPSILON * magnitude };
  }

  #moved(input: number, direction: Direction, by: number): Float64Array[] {
    return this.#point.map(({ values }, i) => {
      if (i !== input) return values;
      const moved = Float64Array.from(values);
      for (const { element, weight } of direction) moved[element] = at(values, element) + by * weight;
      return moved;
    });
  }

  #evaluate(values: readonly Float64Array[]): Float64Array[] {
    return scope(() => this.#call(this.#leaves(values)).map(valuesOf));
  }

  #backward(values: readonly Float64Array[]): Float64Array[] {
    return scope(() => {
      const leaves = this.#leaves(values);
      const outputs: Tensor[] = [];
      const cotangents: Tensor[] = [];
      // An output without a graph has gradients of 0, which is right for a constant; the differences tell.
      this.#call(leaves).forEach((output, j) => {
        if (!output.requiresGrad) return;
        outputs.push(output);
        cotangents.push(float64(this.#cotangents[j] ?? new Float64Array(), output.shape));
      });
      return vjp(outputs, cotangents, leaves).map(valuesOf);
    });
  }

  #leaves(values: readonly Float64Array[]): Tensor[] {
    return this.#point.map(({ shape }, i) => float64(values[i] ?? new Float64Array(), shape, true));
  }

  #call(leaves: readonly Tensor[]): readonly Tensor[] {
    const result = this.#f(...leaves);
    return 'shape' in result ? [result] : result;
  }

  #valuesOf(input: number): Float64Array {
    return this.#point[input]?.values ?? new Float64Array();
  }

  #indexOf(input: number, element: number): number[] {
    const shape = this.#point[input]?.shape ?? [];
    return stridesOf(shape).map((stride, axis) => Math.floor(element / stride) % at(shape, axis));
  }
}

/** Numbers between 1/2 and 1 in size, of random sign. */
function randomWeights(count: number, generator: Generator): Float64Array {
  const sign = (): number => (generator.bernoulli(0.5) ? 1 : -1);
  return Float64Array.from({ length: count }, () => sign() * (0.5 + 0.5 * generator.uniform()));
}

function float64(values: Float64Array, shape: Shape, requiresGrad = false): Tensor {
  return tensor(values, { shape, dtype: 'float64', backend: 'reference', requiresGrad });
}

function valuesOf(t: Tensor): Float64Array {
  return Float64Array.from(t.dataSync());
}

function sameValues(a: readonly Float64Array[], b: readonly Float64Array[]): boolean {
  return a.length === b.length && a.every((values, j) => values.every((value, i) => Object.is(value, b[j]?.[i])));
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
