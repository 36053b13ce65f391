import { describe, expect, test } from 'vitest';
import { backendInfo, backends, mul, Parameter, setBackend, tensor } from '../../src/index.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';

describe('reading', () => {
  test('data, dataSync and item give copies of the values', async () => {
    const x = float64([
      [1, 2],
      [3, 4],
    ]);
    expect([...(await x.data())]).toEqual([1, 2, 3, 4]);
    x.dataSync()[0] = 9;
    expect(valuesOf(x)).toEqual([1, 2, 3, 4]);
    expect(await float64(5).item()).toBe(5);
  });
});

describe('detach', () => {
  test('shares the cells, not the graph', () => {
    const y = mul(variable64([1, 2]), 2);
    const detached = y.detach();
    expect(detached).toMatchObject({ requiresGrad: false, node: undefined });
    expect(valuesOf(detached)).toEqual([2, 4]);
  });
});

describe('to', () => {
  test('converts between dtypes', async () => {
    const x = float64([0.1, 1e300]);
    const single = await x.to({ dtype: 'float32' });
    expect(single.dtype).toBe('float32');
    expect(valuesOf(single)).toEqual([Math.fround(0.1), Number.POSITIVE_INFINITY]);
    expect(x.dtype).toBe('float64');
  });

  test('makes a new leaf, which requires a gradient where the old leaf did', async () => {
    expect((await variable64([1]).to({ dtype: 'float32' })).requiresGrad).toBe(true);
    expect((await mul(variable64([1]), 2).to({ dtype: 'float32' })).requiresGrad).toBe(false);
  });

  test('converts a parameter in place', async () => {
    const weight = new Parameter(float64([0.1]));
    await weight.moveTo({ dtype: 'float32' });
    expect(weight).toMatchObject({ dtype: 'float32', version: 1, requiresGrad: true });
    expect(valuesOf(weight)).toEqual([Math.fround(0.1)]);
  });
});

describe('backends', () => {
  test('say what runs', () => {
    expect(backends()).toContain('reference');
    expect(backendInfo().description).toMatch(/\w/);
    expect(backendInfo().threads).toBeGreaterThanOrEqual(1);
  });

  test('that do not exist are refused, and the active one stays', async () => {
    const before = backendInfo().backend;
    await expect(setBackend('cuda' as 'gpu')).rejects.toThrow("setBackend: no backend 'cuda'; there are ");
    expect(backendInfo().backend).toBe(before);
  });

  test('are chosen for a tensor one by one, too', async () => {
    const x = tensor([1, 2], { backend: 'reference' });
    expect(x.backend).toBe('reference');
    expect((await x.to('reference')).backend).toBe('reference');
  });
});

describe('toString', () => {
  test('tells shape, dtype, backend and where the tensor comes from', () => {
    const x = variable64([[1, 2]]);
    expect(`${x}`).toBe('Tensor [1, 2] float64 reference, requiresGrad');
    expect(`${mul(x, 2)}`).toBe('Tensor [1, 2] float64 reference, from mul');
    expect(`${x.detach()}`).toBe('Tensor [1, 2] float64 reference');
  });
});
