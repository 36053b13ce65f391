/**
 * @file A confusion matrix: rows are true classes, columns what the network took them for.
 */
import { axisX, axisY, cell, text } from '@observablehq/plot';
import { CHARACTER_WIDTH, drawChart } from './drawChart.js';

/** More classes than that have no room for names and numbers. */
export const MOST_NAMED_CLASSES = 24;

interface ConfusionCell {
  readonly label: string;
  readonly predicted: string;
  /** Of the images of the true class, 0 to 1. */
  readonly share: number;
  readonly isRight: boolean;
}

/**
 * @param counts `[label][prediction]`
 * @param width in CSS pixels
 */
export function confusionChart(
  title: string,
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  width: number,
): string {
  const names = uniqueNames(classes);
  const cells = cellsOf(counts, names);
  const margin = 12 + Math.max(...names.map((name) => name.length)) * CHARACTER_WIDTH;
  const size = (width - margin - 6) / names.length;
  const bottom = 14 + margin * Math.SQRT1_2;
  return drawChart(description(title, cells), {
    ...{ width, height: size * names.length + bottom + 4, marginTop: 4, marginRight: 6 },
    ...{ marginLeft: margin, marginBottom: bottom },
    x: { domain: names, padding: 0.06 },
    y: { domain: names, padding: 0.06 },
    marks: [
      axisY({ tickSize: 0, label: null }),
      axisX({ tickSize: 0, label: null, tickRotate: -45 }),
      cell(cells, {
        ...{ x: 'predicted', y: 'label', rx: 2 },
        fill: ({ isRight }: ConfusionCell) => (isRight ? 'var(--right)' : 'var(--wrong)'),
        fillOpacity: ({ share, isRight }: ConfusionCell) => opacity(share, isRight),
        title: ({ label, predicted, share }: ConfusionCell) =>
          share > 0 ? `${label} taken for ${predicted}: ${percentText(share)} %` : undefined,
      }),
      text(
        cells.filter(({ share }) => share >= 0.005 && size >= 15),
        {
          ...{ x: 'predicted', y: 'label', text: ({ share }: ConfusionCell) => percentText(share) },
          fill: ({ share, isRight }: ConfusionCell) =>
            opacity(share, isRight) > 0.55 ? 'var(--on-cell)' : 'var(--ink)',
          fontSize: Math.min(12, size * 0.42),
          pointerEvents: 'none',
        },
      ),
    ],
  });
}

function cellsOf(counts: readonly (readonly number[])[], names: readonly string[]): ConfusionCell[] {
  return counts.flatMap((row, label) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({
      label: names[label] ?? String(label),
      predicted: names[predicted] ?? String(predicted),
      share: total === 0 ? 0 : count / total,
      isRight: label === predicted,
    }));
  });
}

/** Rare mistakes must be seen: their colour grows with the root of their share. */
function opacity(share: number, isRight: boolean): number {
  if (share === 0) return 0.04;
  return isRight ? 0.15 + 0.85 * share ** 2 : Math.min(1, 0.12 + 1.1 * Math.sqrt(share));
}

function percentText(share: number): string {
  return (100 * share).toFixed(0);
}

/** Two classes of one name would share a row. */
function uniqueNames(classes: readonly string[]): string[] {
  return classes.map((name, i) => (classes.indexOf(name) === i ? name : `${name} (${i})`));
}

function description(title: string, cells: readonly ConfusionCell[]): string {
  const wrong = cells.filter(({ isRight, share }) => !isRight && share > 0).toSorted((a, b) => b.share - a.share);
  const texts = wrong
    .slice(0, 3)
    .map(({ label, predicted, share }) => `${label} for ${predicted} ${percentText(share)} %`);
  return `${title}: confusion matrix. ${texts.length > 0 ? `Most often taken: ${texts.join(', ')}.` : 'No mistakes.'}`;
}
