import { describe, expect, test } from 'vitest';
import { duration, grouped, percent, probability, signedPoints } from '../../src/report/format.js';

describe('signedPoints', () => {
  test.each([
    [0.009, '+0.9'],
    [-0.009, '−0.9'],
    [0, '±0.0'],
    [-0.0004, '±0.0'],
    [-1, '−100.0'],
  ])('%f is %s', (share, text) => {
    expect(signedPoints(share)).toBe(text);
  });
});

describe('duration', () => {
  test.each([
    [0.4, '0 s'],
    [59.6, '1 min 0 s'],
    [72, '1 min 12 s'],
    [3600, '1 h 0 min'],
    [7325, '2 h 2 min'],
    [-3, '0 s'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%f s is %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('probability', () => {
  test.each([
    [0.0312, '.03'],
    [0.0052, '.005'],
    [0.048, '.048'],
    [0.052, '.05'],
    [0.0009, '< .001'],
    [1, '1.00'],
  ])('%f is %s', (p, text) => {
    expect(probability(p)).toBe(text);
  });
});

test('percent and grouped', () => {
  expect(percent(0.7243)).toBe('72.4 %');
  expect(grouped(78042)).toBe('78,042');
});
