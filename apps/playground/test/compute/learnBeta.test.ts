import { expect, test } from 'vitest';
import { type BetaTarget, learnBeta, SHARP_BETA } from '../../src/compute/learnBeta.js';
import { builtInPicture } from '../../src/pictures/builtInPictures.js';

const STEPS = 200;

function trained(target: BetaTarget): { first: number; last: number; beta: number } {
  const training = learnBeta(builtInPicture('city'), target);
  const steps = Array.from({ length: STEPS }, () => training.next().value!);
  training.return();
  return { first: steps[0]!.loss, last: steps.at(-1)!.loss, beta: steps.at(-1)!.beta };
}

test('a learned β finds the one that made its target', () => {
  const { beta, last, first } = trained('sharp');
  expect(Math.abs(beta - SHARP_BETA)).toBeLessThan(0.1);
  expect(last).toBeLessThan(first / 100);
});

test('a learned β falls to 0 for the average, and rises for the maximum', () => {
  expect(Math.abs(trained('avg').beta)).toBeLessThan(0.05);
  expect(trained('max').beta).toBeGreaterThan(2.5);
});
