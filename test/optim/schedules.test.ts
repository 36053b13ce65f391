import { describe, expect, test } from 'vitest';
import { constant, cosine, oneCycle, type Schedule, stepDecay } from '../../src/optim/index.js';

function expectRates(schedule: Schedule, rates: Readonly<Record<number, number>>): void {
  for (const [step, rate] of Object.entries(rates))
    expect(schedule(Number(step)), `step ${step}`).toBeCloseTo(rate, 12);
}

describe('schedules', () => {
  test('constant stays', () => expectRates(constant(0.1), { 0: 0.1, 1000: 0.1 }));

  test('stepDecay divides every so many steps', () => {
    expectRates(stepDecay({ lr: 1, every: 10 }), { 0: 1, 9: 1, 10: 0.1, 19: 0.1, 20: 0.01 });
    expectRates(stepDecay({ lr: 1, every: 2, factor: 0.5 }), { 1: 1, 2: 0.5, 7: 0.125 });
  });

  test('cosine falls on half a cosine', () => {
    expectRates(cosine({ lr: 1, steps: 100 }), {
      0: 1,
      25: (1 + Math.SQRT1_2) / 2,
      50: 0.5,
      75: (1 - Math.SQRT1_2) / 2,
    });
    expectRates(cosine({ lr: 1, steps: 100, finalLr: 0.2 }), { 0: 1, 50: 0.6, 100: 0.2, 1000: 0.2 });
  });

  test('cosine warms up linearly and reaches its rate', () => {
    expectRates(cosine({ lr: 1, steps: 110, warmup: 10 }), { 0: 0.1, 4: 0.5, 9: 1, 10: 1, 60: 0.5, 110: 0 });
  });

  test("oneCycle has PyTorch's corner points", () => {
    const schedule = oneCycle({ lr: 1, steps: 100 });
    expectRates(schedule, { 0: 0.04, 14.5: 0.52, 29: 1, 64: (1 + 4e-6) / 2, 99: 4e-6 });
    expectRates(oneCycle({ lr: 2, steps: 10, rising: 0.5, startFactor: 2, finalFactor: 4 }), { 0: 1, 4: 2, 9: 0.25 });
  });

  test('oneCycle of a single step is defined', () => expect(oneCycle({ lr: 1, steps: 1 })(0)).toBeGreaterThan(0));

  test.each([
    [() => constant(-1), 'constant: lr must be finite and at least 0, got -1'],
    [() => stepDecay({ lr: 1, every: 0 }), 'stepDecay: every must be a whole number of at least 1, got 0'],
    [() => cosine({ lr: 1, steps: 5, warmup: 5 }), 'cosine: warmup 5 leaves nothing of 5 steps'],
    [() => oneCycle({ lr: 1, steps: 5, rising: 1 }), 'oneCycle: rising must lie in (0, 1), got 1'],
    [() => oneCycle({ lr: 1, steps: 5, startFactor: 0 }), 'oneCycle: startFactor and finalFactor must be at least 1'],
  ])('refuse nonsense %#', (make, message) => expect(make).toThrow(message));
});
