import { describe, expect, test } from 'vitest';
import '../../src/backends.js';
import { add, batchNorm, maxPool1d, mul, relu, reshape } from '../../src/ops/index.js';
import { type OperationCall, observeOperations } from '../../src/ops/observeOperations.js';
import { tensor } from '../../src/tensor/create.js';
import { noGrad } from '../../src/tensor/gradMode.js';

const x = tensor([[[1, -2, 3]]]);

function callsIn(body: () => unknown): OperationCall[] {
  const calls: OperationCall[] = [];
  observeOperations((call) => calls.push(call), body);
  return calls;
}

describe('observeOperations', () => {
  test('reports every call in order, with inputs, attributes and outputs', () => {
    const calls = callsIn(() => add(mul(x, 2), relu(x)));
    expect(calls.map(({ operation, attributes }) => [operation, attributes])).toEqual([
      ['mul', 2],
      ['relu', undefined],
      ['add', undefined],
    ]);
    expect(calls[2]?.inputs).toEqual([calls[0]?.outputs[0], calls[1]?.outputs[0]]);
  });

  test('reports calls that the graph does not record, and operations with several outputs', () => {
    const batch = tensor([
      [1, 2],
      [3, 5],
    ]);
    const calls = noGrad(() =>
      callsIn(() => [maxPool1d(x.detach(), { kernelSize: 2 }), batchNorm(batch, { training: true })]),
    );
    expect(calls.map(({ operation, outputs }) => [operation, outputs.length])).toEqual([
      ['maxPool', 1],
      ['batchNormStatistics', 2],
      ['batchNorm', 1],
    ]);
  });

  test('a reshape is no call', () => {
    expect(callsIn(() => reshape(x, [3]))).toEqual([]);
  });

  test('an inner observer takes over for the time being, and none stays behind, even after an error', () => {
    const inner: OperationCall[] = [];
    const outer = callsIn(() => {
      inner.push(...callsIn(() => relu(x)));
      expect(() =>
        observeOperations(
          () => {},
          () => add(1, 1),
        ),
      ).toThrow('at least one operand');
      return mul(x, 3);
    });
    relu(x);
    expect(inner.map(({ operation }) => operation)).toEqual(['relu']);
    expect(outer.map(({ operation }) => operation)).toEqual(['mul']);
  });
});
