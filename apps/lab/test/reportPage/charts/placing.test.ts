import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeLabels } from '../../../src/reportPage/charts/placeLabels.js';
import { robustDomain } from '../../../src/reportPage/charts/robustDomain.js';
import { spread } from '../../../src/reportPage/charts/spread.js';

describe('spread', () => {
  test('leaves alone what is far enough apart', () => {
    expect(spread([50, 10, 30], 13, 0, 100)).toEqual([50, 10, 30]);
  });

  test('moves neighbours apart around their middle, and keeps them inside', () => {
    expect(spread([50, 52], 10, 0, 100)).toEqual([46, 56]);
    expect(spread([99, 100], 10, 0, 100)).toEqual([90, 100]);
  });

  test('keeps order, gap and frame wherever labels want to be', () => {
    const places = fc.array(fc.double({ min: -50, max: 150, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(places, (wanted) => {
        const found = spread(wanted, 12, 0, 100);
        const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
        order.slice(1).forEach((member, i) => {
          expect(found[member]! - found[order[i]!]!).toBeGreaterThanOrEqual(12 - 1e-9);
        });
        expect(Math.min(...found)).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.max(...found)).toBeLessThanOrEqual(100 + 1e-9);
      }),
    );
  });
});

test('no label covers another where there is room for all', () => {
  const frame = { left: 0, right: 340, top: 0, bottom: 300 };
  const crowd = Array.from({ length: 20 }, (_, i) => ({ x: 150 + (i % 5) * 4, y: 140 + (i % 4) * 5, width: 40 }));
  const labels = placeLabels(crowd, frame).map(({ x, y }, i) => ({ x, y, width: crowd[i]!.width }));
  for (const [i, a] of labels.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(0);
    expect(a.x + a.width).toBeLessThanOrEqual(340);
    for (const b of labels.slice(i + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= 13;
      expect(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(true);
    }
  }
});

describe('the shown range', () => {
  test('has all values where none lies far out', () => {
    const [low, high] = robustDomain([0.7, 0.72, 0.75, 0.69]);
    expect(low).toBeLessThan(0.69);
    expect(high).toBeGreaterThan(0.75);
  });

  test('leaves out a network that learnt nothing, but not what must be seen', () => {
    const values = [0.7, 0.72, 0.75, 0.69, 0.71, 0.1];
    expect(robustDomain(values)[0]).toBeGreaterThan(0.6);
    expect(robustDomain(values, [0])[0]).toBeLessThan(0);
  });

  test('is a range for a single value', () => {
    const [low, high] = robustDomain([0.5]);
    expect(high).toBeGreaterThan(low);
  });
});
