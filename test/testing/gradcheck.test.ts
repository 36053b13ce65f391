import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  abs,
  add,
  conv2d,
  defineOp,
  dropout,
  Generator,
  log,
  matmul,
  mul,
  type Op,
  randn,
  relu,
  softPool1d,
  softPool2d,
  softPool3d,
  sum,
  type Tensor,
  tensor,
  transpose,
} from '../../src/index.js';
import {
  arbitraries,
  GradcheckError,
  type GradcheckReport,
  gradcheck,
  gradgradcheck,
} from '../../src/testing/index.js';
import { float64, valuesOf } from '../support/float64.js';

/** x³ with a vjp of the test's choice. */
function cubeWith(vjp: (cotangent: Tensor, x: Tensor) => Tensor): (x: Tensor) => Tensor {
  const op: Op<readonly [Tensor]> = defineOp({
    name: 'cube',
    shape: ([x]) => x.shape,
    forward: (kernels, [x]) => kernels.unary('pow', x.storage, 3),
    vjp: (cotangent, { inputs: [x] }) => [vjp(cotangent, x)],
  });
  return (x) => op([x], undefined);
}

/** A matrix product whose vjp is the test's. */
function matmulWith(vjp: (g: Tensor, a: Tensor, b: Tensor) => readonly Tensor[]): (a: Tensor, b: Tensor) => Tensor {
  const op: Op<readonly [Tensor, Tensor]> = defineOp({
    name: 'product',
    shape: ([a]) => a.shape,
    forward: (_, [a, b]) => matmul(a.detach(), b.detach()).storage,
    vjp: (g, { inputs: [a, b] }) => vjp(g, a, b),
  });
  return (a, b) => op([a, b], undefined);
}

const correctCube = cubeWith((g, x) => mul(g, mul(mul(x, x), 3)));
const failing = (check: Promise<GradcheckReport>): Promise<GradcheckError> =>
  check.then(
    ({ message }) => Promise.reject(new Error(`it passed: ${message}`)),
    (error) => {
      expect(error).toBeInstanceOf(GradcheckError);
      return error as GradcheckError;
    },
  );

describe('gradcheck accepts', () => {
  test('a right gradient, and says how it looked', async () => {
    const report = await gradcheck(correctCube, [{ shape: [2, 3] }]);
    expect(report).toMatchObject({ passed: true, failures: 0, step: 2 ** -10, seed: 0 });
    expect(report.coverage).toEqual([{ name: 'input 0', shape: [2, 3], method: 'every element', count: 6 }]);
    expect(report.message).toBe('gradcheck: all 6 derivatives agree (input 0 [2,3] by every element)');
    expect(report.worst?.error).toBeLessThan(1e-9);
  });

  test('large inputs, by random directions', async () => {
    const report = await gradcheck(correctCube, [{ shape: [20, 20] }], { directions: 5 });
    expect(report.coverage).toEqual([{ name: 'input 0', shape: [20, 20], method: 'random directions', count: 5 }]);
  });

  test('float32 tensors of the active backend, which it converts', async () => {
    const report = await gradcheck((x, w) => conv2d(x, w), [randn([1, 2, 4, 4]), randn([2, 2, 3, 3])]);
    expect(report.passed).toBe(true);
  });

  test('a function with several outputs, one of them constant', async () => {
    const f = (x: Tensor): Tensor[] => [mul(x, x), sum(x), float64([1, 2])];
    expect((await gradcheck(f, [{ shape: [3] }])).passed).toBe(true);
  });

  test('a function that ignores an input, and an input without elements', async () => {
    expect((await gradcheck((x, _) => mul(x, 2), [{ shape: [2] }, { shape: [3] }])).passed).toBe(true);
    expect((await gradcheck((x) => mul(x, 2), [{ shape: [0, 3] }])).worst).toBeUndefined();
  });

  test('random functions that draw the same numbers at every call', async () => {
    const f = (x: Tensor): Tensor => dropout(x, { generator: new Generator(1) });
    expect((await gradcheck(f, [{ shape: [10] }])).passed).toBe(true);
  });

  test('values of 1e4, whose rounding it allows for', async () => {
    const x = float64([1e4, -1e4, 9999, 1e4 + 0.5, -3, 9998.5], [1, 6]);
    expect((await gradcheck((t) => softPool1d(t, { kernelSize: 3 }), [x])).passed).toBe(true);
  });

  test('steps that would cross a kink, by making them smaller', async () => {
    expect((await gradcheck((x) => abs(x), [float64([1e-4, -1e-5])])).passed).toBe(true);
  });
});

describe('gradcheck rejects', () => {
  test.each([
    ['scaled by 1.001', cubeWith((g, x) => mul(g, mul(mul(x, x), 3.003)))],
    ['scaled by 1.00001', cubeWith((g, x) => mul(g, mul(mul(x, x), 3.00003)))],
    ['of the wrong sign', cubeWith((g, x) => mul(g, mul(mul(x, x), -3)))],
    ['without the cotangent', cubeWith((_, x) => mul(mul(x, x), 3))],
    ['that is missing', cubeWith((g) => mul(g, 0))],
    ['with a term too many', cubeWith((g, x) => mul(g, add(mul(mul(x, x), 3), 1e-4)))],
    ['that is not a number', cubeWith((g) => mul(g, Number.NaN))],
  ])('a gradient %s', async (_, f) => {
    const small = await failing(gradcheck(f, [{ shape: [2, 3] }]));
    expect(small.report.failures).toBeGreaterThan(0);
    const large = await failing(gradcheck(f, [{ shape: [20, 20] }]));
    expect(large.report.worst?.index).toHaveLength(2);
  });

  test('a transposed factor in the gradient of a matrix product', async () => {
    const inputs = [{ shape: [3, 3] }, { shape: [3, 3] }];
    const right = matmulWith((g, a, b) => [matmul(g, transpose(b)), matmul(transpose(a), g)]);
    expect((await gradcheck(right, inputs)).passed).toBe(true);
    const first = matmulWith((g, a, b) => [matmul(g, b), matmul(transpose(a), g)]);
    expect((await failing(gradcheck(first, inputs))).report.worst?.input).toBe(0);
    const second = matmulWith((g, a, b) => [matmul(g, transpose(b)), matmul(a, g)]);
    expect((await failing(gradcheck(second, inputs))).report.worst?.input).toBe(1);
  });

  test.each([
    ['softPool1d', softPool1d, [1, 2, 6]],
    ['softPool2d', softPool2d, [1, 2, 4, 4]],
    ['softPool3d', softPool3d, [1, 1, 4, 4, 4]],
  ])("%s's detached gradient", async (_, pool, shape) => {
    expect((await gradcheck((x) => pool(x, { kernelSize: 2 }), [{ shape }])).passed).toBe(true);
    const { report } = await failing(gradcheck((x) => pool(x, { kernelSize: 2, gradient: 'detached' }), [{ shape }]));
    expect(report.failures).toBeGreaterThan(report.coverage[0]!.count / 2);
  });

  test('one wrong element among ten thousand, which it finds', async () => {
    const mask = float64(
      Float64Array.from({ length: 10_000 }, (_, i) => (i === 4321 ? 1.001 : 1)),
      [100, 100],
    );
    const f = cubeWith((g, x) => mul(mul(g, mask), mul(mul(x, x), 3)));
    const { report } = await failing(gradcheck(f, [{ shape: [100, 100] }]));
    expect(report.worst?.index).toEqual([43, 21]);
  });

  test('a graph that was cut', async () => {
    await failing(gradcheck((x) => mul(x, x.detach()), [{ shape: [3] }]));
    await failing(gradcheck((x) => mul(x.detach(), 2), [{ shape: [3] }]));
  });

  test('a kink, and suspects it', async () => {
    const error = await failing(gradcheck((x) => mul(relu(x), 3), [float64([1, 0, 2])]));
    expect(error.report.worst?.index).toEqual([1]);
  });

  test('a jump, and suspects it', async () => {
    const step = cubeWith((g) => mul(g, 0));
    const { message } = await failing(gradcheck((x) => step(add(relu(mul(x, 1e9)), 1)), [float64([1e-7])]));
    expect(message).toMatch(/central differences give/);
  });

  test('values outside the domain', async () => {
    const { message } = await failing(gradcheck((x) => log(x), [float64([-1])]));
    expect(message).toContain('choose inputs inside its domain');
  });

  test('functions that are random at every call', async () => {
    await expect(gradcheck((x) => dropout(x), [{ shape: [100] }])).rejects.toThrow(
      'gradcheck: the function returns different values for the same inputs; whatever is random in it needs a new Generator(seed)',
    );
  });

  test('calls without inputs', async () => {
    await expect(gradcheck(() => tensor(1), [])).rejects.toThrow('gradcheck: needs at least one input');
  });
});

describe('the report of a failure', () => {
  const wrong = cubeWith((g, x) => mul(g, mul(mul(x, x), 3.3)));
  const point = float64([1, 2, 3, 4], [2, 2]);

  test('names the worst element, both values and the step', async () => {
    const { message, report } = await failing(gradcheck((x) => sum(wrong(x)), [point]));
    const { worst } = report;
    expect(worst).toMatchObject({ input: 0, index: expect.any(Array) });
    expect(worst!.analytic / worst!.numeric).toBeCloseTo(1.1, 6);
    expect(message).toContain(`the gradient of input 0 at [${worst!.index}] is ${worst!.analytic}`);
    expect(message).toContain(`central differences give ${worst!.numeric} (step ${worst!.step.toExponential(1)})`);
    expect(message).toContain('4 of 4 derivatives are wrong (input 0 [2,2] by every element; seed 0)');
  });

  test('is returned with throwOnFailure: false', async () => {
    const report = await gradcheck(wrong, [point], { throwOnFailure: false });
    expect(report).toMatchObject({ passed: false, failures: 4 });
  });

  test('is the same for the same seed', async () => {
    const run = (seed: number): Promise<GradcheckReport> =>
      gradcheck(wrong, [{ shape: [3] }], { seed, throwOnFailure: false });
    expect(await run(1)).toEqual(await run(1));
    expect((await run(1)).worst).not.toEqual((await run(2)).worst);
  });

  test('keeps to wider tolerances where asked to', async () => {
    expect((await gradcheck(wrong, [point], { rtol: 0.2 })).passed).toBe(true);
  });
});

describe('gradgradcheck', () => {
  test('accepts a vjp written in operations', async () => {
    const report = await gradgradcheck(correctCube, [{ shape: [2, 2] }]);
    expect(report.coverage.map(({ name }) => name)).toEqual(['input 0', 'cotangent 0']);
  });

  test('accepts linear functions, whose second derivative is 0', async () => {
    expect((await gradgradcheck((x) => mul(x, 3), [{ shape: [2] }])).passed).toBe(true);
  });

  test('rejects a vjp that leaves the graph', async () => {
    const cut = cubeWith((g, x) => mul(g, mul(mul(x, x), 3).detach()));
    expect((await gradcheck(cut, [{ shape: [3] }])).passed).toBe(true);
    const error = await failing(gradgradcheck(cut, [{ shape: [3] }]));
    expect(error.message).toMatch(/^gradgradcheck: the gradient of input 0 at /);
  });

  test('rejects a vjp whose cotangent leaves the graph', async () => {
    const cut = cubeWith((g, x) => mul(g.detach(), mul(mul(x, x), 3)));
    expect((await failing(gradgradcheck(cut, [{ shape: [3] }]))).report.worst?.input).toBe(1);
  });
});

describe('gradcheck does not flake', () => {
  test('on well-separated values, whatever their number', async () => {
    const shape = fc.integer({ min: 1, max: 200 });
    await fc.assert(
      fc.asyncProperty(
        shape.chain((n) => arbitraries.wellSeparatedValues([1, n])),
        async (values) => {
          const x = float64(values, [1, values.length]);
          const kernelSize = Math.min(3, values.length);
          const report = await gradcheck((t) => softPool1d(relu(t), { kernelSize, stride: 1 }), [x], {
            maxElements: 10,
          });
          expect(report.passed).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('leaves the inputs as they were', async () => {
    const x = randn([4]);
    const before = valuesOf(x);
    await gradcheck(correctCube, [x]);
    expect(valuesOf(x)).toEqual(before);
    expect(x.grad).toBeUndefined();
    expect(x.requiresGrad).toBe(false);
  });
});
