import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Generator } from '../../../src/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { wellSeparated } from '../../../src/testing/index.js';
import { expectClose } from '../../support/closeness.js';
import { float64, valuesOf } from '../../support/float64.js';
import { poolDefinitions } from '../../support/poolDefinitions.js';
import { builtIn, functional, layerFor, windowsOf } from '../../support/poolLayers.js';
import { windowCells } from '../../support/windowCells.js';
import { tolerances } from '../../tolerances.js';

const GEOMETRIES = 60;

const strategies = builtIn.filter((name) => name !== 'avg');

describe.each(strategies)('%s', (name) => {
  test(`equals its definition over ${GEOMETRIES} geometries, with the sizes of the usual pooling rule`, () => {
    fc.assert(
      fc.property(windowsOf(name), fc.nat({ max: 9999 }), (window, seed) => {
        const generator = new Generator(seed);
        const { f, parameters } = functional(layerFor(name, window).eval());
        const x = wellSeparated(sizeOf(window.shape), generator, { low: -2, high: 3 });
        const values = parameters.map((range) => wellSeparated(sizeOf(range.shape), generator, range));
        const y = f(float64(x, window.shape), ...values.map((value, i) => float64(value, parameters[i]!.shape)));
        const named = Object.fromEntries(parameters.map((parameter, i) => [parameter.name, [...values[i]!]]));
        expect(y.shape).toEqual(windowCells(window).shape);
        const expected = poolDefinitions[name]!({ x, window, parameters: named });
        expectClose(valuesOf(y), expected, tolerances['reference float64'], name);
      }),
      { numRuns: GEOMETRIES },
    );
  });
});

test('every strategy has a definition here', () => {
  expect(Object.keys(poolDefinitions)).toEqual(strategies);
});
