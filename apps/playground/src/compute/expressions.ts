/**
 * @file Small expressions whose graphs are shown.
 */
import { add, div, exp, mul, relu, sigmoid, sub, type Tensor } from 'softgrad';

export interface Expression {
  /** In ordinary notation. */
  readonly formula: string;
  readonly leaves: readonly { readonly name: string; readonly value: number }[];
  /** The expression in the library's operations. */
  readonly build: (...leaves: Tensor[]) => Tensor;
}

export const expressions = {
  square: {
    formula: 'L = (a · b + c)²',
    leaves: [
      { name: 'a', value: 2 },
      { name: 'b', value: -1 },
      { name: 'c', value: 3 },
    ],
    build: (a, b, c) => {
      const u = add(mul(a!, b!), c!);
      return mul(u, u);
    },
  },
  neuron: {
    formula: 'L = (σ(w · x + b) − t)²',
    leaves: [
      { name: 'w', value: 0.5 },
      { name: 'x', value: 2 },
      { name: 'b', value: -0.5 },
      { name: 't', value: 1 },
    ],
    build: (w, x, b, t) => {
      const error = sub(sigmoid(add(mul(w!, x!), b!)), t!);
      return mul(error, error);
    },
  },
  softmax: {
    formula: 'y = (eᵃ · a + eᵇ · b) / (eᵃ + eᵇ)',
    leaves: [
      { name: 'a', value: 2 },
      { name: 'b', value: -1 },
    ],
    build: (a, b) => {
      const [ea, eb] = [exp(a!), exp(b!)];
      return div(add(mul(ea, a!), mul(eb, b!)), add(ea, eb));
    },
  },
  shared: {
    formula: 'L = relu(a · b) · a + b',
    leaves: [
      { name: 'a', value: 1.5 },
      { name: 'b', value: 2 },
    ],
    build: (a, b) => add(mul(relu(mul(a!, b!)), a!), b!),
  },
} as const satisfies Record<string, Expression>;

export type ExpressionName = keyof typeof expressions;
