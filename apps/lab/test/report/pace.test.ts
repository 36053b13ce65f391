import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Pace } from '../../src/report/pace.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Two poolings, one seed, three epochs of ten batches. */
const newPace = (): Pace => new Pace({ pools: ['soft', 'max'], seeds: [0], epochs: 3 });

function steps(pace: Pace, count: number, milliseconds: number): void {
  for (let i = 0; i < count; i++) {
    vi.advanceTimersByTime(milliseconds);
    pace.step({ batches: 10, samples: 8 });
  }
}

describe('Pace', () => {
  test('knows nothing before the first step', () => {
    expect(newPace().share).toBe(0);
    expect(newPace().secondsLeft).toBeNaN();
    expect(newPace().imagesPerSecond).toBeNaN();
  });

  test('after 15 of 60 steps of 100 ms: a quarter, 80 images/s, 4.5 s left', () => {
    const pace = newPace();
    steps(pace, 15, 100);
    expect(pace.share).toBeCloseTo(0.25, 10);
    expect(pace.imagesPerSecond).toBeCloseTo(80, 10);
    expect(pace.secondsLeft).toBeCloseTo(4.5, 10);
  });

  test('what was done before counts as done, but not for the speed', () => {
    const pace = newPace();
    pace.skip(3);
    pace.resume(20);
    steps(pace, 5, 100);
    expect(pace.share).toBeCloseTo(55 / 60, 10);
    expect(pace.secondsLeft).toBeCloseTo(0.5, 10);
  });

  test('time without steps after an epoch is no training speed', () => {
    const pace = newPace();
    steps(pace, 10, 100);
    vi.advanceTimersByTime(5000);
    pace.epoch();
    steps(pace, 5, 100);
    expect(pace.imagesPerSecond).toBeCloseTo(80, 10);
  });

  test('steps of two runs that come in bursts are as fast as both together', () => {
    const pace = newPace();
    for (let i = 0; i < 100; i++) {
      steps(pace, 1, 100);
      steps(pace, 1, 0);
    }
    expect(pace.imagesPerSecond).toBeGreaterThan(140);
    expect(pace.imagesPerSecond).toBeLessThan(180);
  });
});
