import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { comparisonRows } from '../../src/report/comparison.js';
import { comparisonTable } from '../../src/report/table.js';
import type { FinishedStudy } from '../../src/study/runStudy.js';
import { studyOf } from '../support.js';

function tableOf(study: FinishedStudy, columns = Number.POSITIVE_INFINITY): string[] {
  return stripVTControlCharacters(comparisonTable(comparisonRows(study), 'max', columns)).split('\n');
}

const threeSeeds = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8], avg: [0.5, 0.65, 0.6] });

// soft: 72 ± 4.302653 · 11/√3 = ± 27.3; against max 1, 2, 3: p = 1 − √(6/7) = .074, twice that by Holm.
// avg: s = √((8.33² + 6.67² + 1.67²)/2) = 7.64, ± 19.0; against max −10, −5, −20: p = .12, no less than soft's by Holm.
test('three poolings over three seeds', () => {
  expect(tableOf(threeSeeds)).toMatchInlineSnapshot(`
    [
      "  pooling  test accuracy  against max                  loss  parameters  MMAC  ms/step  peak MB",
      "  soft     72.0 ± 27.3 %   +2.0 [ −0.4, +4.6]  p .15  1.250      24,346   2.8       12       54",
      "  max      70.0 ± 24.8 %      –                       1.250      24,346   2.8       12       54",
      "  avg      58.3 ± 19.0 %  −11.7 [−30.7, +3.5]  p .15  1.250      24,346   2.8       12       54",
    ]
  `);
});

test('one seed: no intervals and no p-value', () => {
  expect(tableOf(studyOf({ soft: [0.613], max: [0.6] }))).toMatchInlineSnapshot(`
    [
      "  pooling  test accuracy  against max   loss  parameters  MMAC  ms/step  peak MB",
      "  soft            61.3 %  +1.3         1.250      24,346   2.8       12       54",
      "  max             60.0 %     –         1.250      24,346   2.8       12       54",
    ]
  `);
});

test('results above costs where the terminal is narrow', () => {
  const lines = tableOf(threeSeeds, 80);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  expect(lines.filter((line) => line.trimStart().startsWith('pooling'))).toHaveLength(2);
  expect(lines).toHaveLength(9);
});
