/**
 * @file What a study found, in a sentence that stays short however many poolings there are.
 */
import type { Comparison, Study } from '../../study/study.js';
import { type Verdict, verdictOf } from './verdict.js';

/** So many can be named one by one. */
const FEW = 6;

export function headlineOf(study: Pick<Study, 'comparisons' | 'conclusion' | 'settings'>): string {
  const { comparisons, conclusion, settings } = study;
  const { baseline } = settings;
  const judged = comparisons.filter(({ difference }) => difference?.test).length;
  if (judged <= FEW) return conclusion;
  const of = (verdict: Verdict): Comparison[] => comparisons.filter((own) => verdictOf(own, baseline) === verdict);
  const [better, worse, same] = [of('better').length, of('worse').length, of('same').length];
  const seeds = `with ${Math.min(...of('same').map(({ difference }) => difference?.seeds ?? 0))} seeds`;
  const untested = of('untested').length;
  const rest = untested > 0 ? ` ${areMany(untested)} not tested, with too few seeds in common.` : '';
  if (same === judged) return `None of ${same} poolings can be told from ${baseline} ${seeds}.${rest}`;
  const parts = [
    ...(better > 0 ? [`${areMany(better)} better`] : []),
    ...(worse > 0 ? [`${areMany(worse)} worse`] : []),
    ...(same > 0 ? [`${same} can’t be told from it ${seeds}`] : []),
  ];
  const last = parts.pop();
  const list = parts.length > 0 ? `${parts.join(', ')}, and ${last}` : last;
  return `Of ${judged} poolings compared with ${baseline}, ${list}.${rest}`;
}

function areMany(count: number): string {
  return `${count} ${count === 1 ? 'is' : 'are'}`;
}
