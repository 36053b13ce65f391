/**
 * @file A measured value beside what is required of it, and the table of such rows.
 */

/** Whether a row wants at least, or at most, its limits. */
export type Direction = 'atLeast' | 'atMost';

export interface Goal {
  readonly direction: Direction;
  readonly required: number;
  readonly aim: number;
  /** `×`, `%`, `MB`, … Percentages are given as such: 75, not 0.75. */
  readonly unit: string;
}

export interface Row {
  readonly what: string;
  /** Missing where nothing is required. */
  readonly goal?: Goal | undefined;
  readonly measured: number;
  readonly unit: string;
}

export type Verdict = 'aim' | 'required' | 'missed' | '';

/** The better of the limits that the row reaches. */
export function verdict({ goal, measured }: Row): Verdict {
  if (!goal) return '';
  const reaches = (limit: number): boolean => (goal.direction === 'atLeast' ? measured >= limit : measured <= limit);
  if (reaches(goal.aim)) return 'aim';
  return reaches(goal.required) ? 'required' : 'missed';
}

/** A Markdown table: what, required, aim, measured, reached. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const sign = row.goal?.direction === 'atMost' ? '≤' : '≥';
    const limit = (value: number | undefined): string =>
      row.goal && value !== undefined ? `${sign} ${value} ${row.goal.unit}` : '';
    const measured = `${formatNumber(row.measured)} ${row.unit}`;
    return [row.what, limit(row.goal?.required), limit(row.goal?.aim), measured, verdict(row)];
  });
  const lines = [['what', 'required', 'aim', 'measured', 'reached'], ...cells];
  const widths = lines[0]!.map((_, column) => Math.max(3, ...lines.map((line) => line[column]!.length)));
  const render = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [render(lines[0]!), rule, ...lines.slice(1).map(render)].join('\n');
}

/** Three significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
