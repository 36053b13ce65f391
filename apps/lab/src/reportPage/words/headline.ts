/**
 * @file What a study found, in a sentence that stays short however many poolings there are.
 */
import type { Study } from '../../study/study.js';
import { verdictOf } from './verdict.js';

/** So many can be named one by one. */
const FEW = 6;

export function headlineOf(study: Pick<Study, 'comparisons' | 'conclusion' | 'settings'>): string {
  const { comparisons, conclusion, settings } = study;
  const { baseline } = settings;
  const judged = comparisons.flatMap(({ difference }) => (difference?.test ? [difference.seeds] : []));
  if (judged.length <= FEW) return conclusion;
  const count = (verdict: string): number => comparisons.filter((own) => verdictOf(own, baseline) === verdict).length;
  const [better, worse, same] = [count('better'), count('worse'), count('same')];
  const seeds = `with ${Math.min(...judged)} seeds`;
  if (same === judged.length) return `None of ${same} poolings can be told from ${baseline} ${seeds}.`;
  const parts = [
    ...(better > 0 ? [`${areMany(better)} better`] : []),
    ...(worse > 0 ? [`${areMany(worse)} worse`] : []),
    ...(same > 0 ? [`${same} can’t be told from it ${seeds}`] : []),
  ];
  const last = parts.pop();
  const list = parts.length > 0 ? `${parts.join(', ')}, and ${last}` : last;
  return `Of ${judged.length} poolings compared with ${baseline}, ${list}.`;
}

function areMany(count: number): string {
  return `${count} ${count === 1 ? 'is' : 'are'}`;
}
