/**
 * @file A square of numbers, coloured by sign and size.
 */
import type { JSX } from 'preact';
import { formatNumber } from '../compute/format.js';
import { cssColour, signedColour } from '../compute/signedColour.js';
import { useStore } from '../state/store.js';

export interface HeatGridProps {
  readonly values: readonly number[];
  readonly columns: number;
  /** The absolute value that gets the full colour. */
  readonly scale: number;
  readonly label: string;
  readonly digits?: number;
}

export function HeatGrid({ values, columns, scale, label, digits = 2 }: HeatGridProps): JSX.Element {
  const isDark = useStore().isDark.value;
  const rows = Array.from({ length: Math.ceil(values.length / columns) }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
  return (
    <div class="heat-grid" style={{ '--columns': columns }}>
      <table>
        <caption class="visually-hidden">{label}</caption>
        <tbody>
          {rows.map((row, y) => (
            <tr key={`row ${y}`}>
              {row.map((value, x) => (
                <td
                  key={`cell ${x}`}
                  data-value={value}
                  style={{
                    background: cssColour(signedColour(value, scale, isDark)),
                    color: inkOn(value / scale, isDark),
                  }}
                >
                  {value === 0 ? '' : formatNumber(value, digits)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Strong colours of the light palette are dark, those of the dark one bright. */
function inkOn(strength: number, isDark: boolean): string {
  if (Math.abs(strength) < (isDark ? 0.5 : 0.62)) return 'var(--ink)';
  return isDark ? '#0d0f12' : '#ffffff';
}
