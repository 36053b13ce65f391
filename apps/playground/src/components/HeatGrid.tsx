/**
 * @file A square of numbers, coloured by sign and size.
 */
import type { JSX } from 'preact';
import { formatNumber } from '../compute/format.js';
import { cssColour, inkOn, type Rgb, signedColour } from '../compute/signedColour.js';
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
                <td key={`cell ${x}`} data-value={value} style={coloured(signedColour(value, scale, isDark))}>
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

function coloured(colour: Rgb): { readonly background: string; readonly color: string } {
  return { background: cssColour(colour), color: inkOn(colour) };
}
