/**
 * @file The comparison's numbers as texts: the terminal, the page and the Markdown file say the same.
 */
import type { Comparison } from '../study/study.js';
import { percent, probability, signedPoints } from './format.js';

/** `72.4 ± 0.6 %`; without an interval where there is one seed. */
export function accuracyText({ mean, halfWidth }: Comparison['accuracy']): string {
  if (halfWidth === null) return percent(mean);
  return `${(mean * 100).toFixed(1)} ± ${(halfWidth * 100).toFixed(1)} %`;
}

/** `+0.9 [+0.2, +1.6]` in percentage points; `–` where nothing is compared. */
export function differenceText(difference: Comparison['difference']): string {
  if (!difference) return '–';
  const { mean, test } = difference;
  return test ? `${signedPoints(mean)} [${signedPoints(test.low)}, ${signedPoints(test.high)}]` : signedPoints(mean);
}

/** `.03`, corrected for the number of poolings; nothing where there is no test. */
export function probabilityText(difference: Comparison['difference']): string {
  return difference?.test ? probability(difference.test.pHolm) : '';
}

export function lossText(loss: number): string {
  return loss.toFixed(3);
}

/** Multiply-adds in millions. */
export function megaMultiplyAdds(count: number): string {
  return (count / 1e6).toFixed(1);
}

export function milliseconds(value: number): string {
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 1 : 0) : '–';
}

/** Bytes in megabytes, without the unit. */
export function megabytesText(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
