import { gradients, tensor } from 'softgrad';
import { describe, expect, test } from 'vitest';
import { type Expression, type ExpressionName, expressions } from '../../src/compute/expressions.js';
import { graphState, stepCount } from '../../src/compute/graphSteps.js';
import { layoutGraph } from '../../src/compute/layoutGraph.js';
import { traceExpression } from '../../src/compute/traceExpression.js';

describe.each(Object.keys(expressions) as ExpressionName[])('the graph of %s', (name) => {
  const expression: Expression = expressions[name];
  const values = expression.leaves.map(({ value }) => value);
  const vertices = traceExpression(expression, values);

  test('has the gradients that the library computes at once', () => {
    const leaves = values.map((value) => tensor(value, { dtype: 'float64', backend: 'reference', requiresGrad: true }));
    const wanted = gradients(expression.build(...leaves), leaves).map((gradient) => gradient.dataSync()[0]!);
    vertices.slice(0, values.length).forEach(({ gradient }, i) => {
      expect(gradient).toBeCloseTo(wanted[i]!, 12);
    });
  });

  test('has arrived at them after its last step, and knows nothing but leaves before the first', () => {
    const end = graphState(vertices, stepCount(vertices));
    vertices.forEach(({ gradient }, i) => {
      expect(end.gradients[i]).toBeCloseTo(gradient, 12);
    });
    expect(end.hasValue.every(Boolean)).toBe(true);
    const start = graphState(vertices, 0);
    expect(start.hasValue).toEqual(vertices.map(({ kind }) => kind === 'leaf'));
    expect(start.gradients.every((gradient) => gradient === undefined)).toBe(true);
  });

  test('is laid out with every input in an earlier layer, and no two vertices in one place', () => {
    const places = layoutGraph(vertices);
    vertices.forEach(({ inputs }, i) => {
      for (const input of inputs) expect(places[input]!.layer).toBeLessThan(places[i]!.layer);
    });
    expect(new Set(places.map(({ layer, across }) => `${layer} ${across}`)).size).toBe(vertices.length);
  });
});
