/**
 * @file What accuracy costs.
 */
import { milliseconds } from '../../report/cells.js';
import { grouped } from '../../report/format.js';
import { costChart } from '../charts/costChart.js';
import { hasRoomForIntervals } from '../charts/costScales.js';
import { COSTS, differingCosts } from '../charts/costs.js';
import type { ReportContent, ReportRow } from '../reportContent.js';
import { Chart } from './Chart.js';
import type { Look } from './look.js';
import { PoolName } from './PoolName.js';
import { Card, Section } from './Section.js';

interface CostsProps {
  readonly content: ReportContent;
  readonly look: Look;
}

/** More names than that need a wider chart. */
const FEW = 8;

/** Charts in a row. */
type Columns = 1 | 2 | 3;

/** Of a chart, on a phone and on a desk. */
const WIDTHS: Readonly<Record<Columns, readonly [narrow: number, wide?: number]>> = {
  1: [336, 780],
  2: [336, 510],
  3: [336],
};

export function Costs({ content, look }: CostsProps) {
  const { rows } = content;
  const costs = differingCosts(rows);
  const columns = columnsFor(costs.length, rows.length);
  const intro = costs.length > 0 ? `Up is better, left is cheaper.${aboutIntervals(rows)}` : 'What each pooling costs.';
  return (
    <Section id="costs" title="Accuracy and cost" intro={intro}>
      <div class={`grid-${columns}`}>
        {costs.map((cost) => (
          <Card key={cost.title} title={cost.title}>
            <Chart widths={WIDTHS[columns]} draw={(width) => costChart(rows, cost, { colours: look.colours, width })} />
          </Card>
        ))}
        <Card class={`table-card ${tableSpan(costs.length, columns)}`} caption={<SharedCosts content={content} />}>
          <CostTable content={content} look={look} />
        </Card>
      </div>
    </Section>
  );
}

function aboutIntervals(rows: readonly ReportRow[]): string {
  if (rows.every(({ accuracy }) => accuracy.halfWidth === null)) return '';
  return hasRoomForIntervals(rows)
    ? ' Bars are the 95 % intervals of the accuracy over seeds.'
    : ' The 95 % intervals of the accuracy are wider than all that is drawn, and left out.';
}

/** As many charts in a row as leave no gap in it. A single one of many poolings is no match for their table, and gets the whole row. */
function columnsFor(charts: number, names: number): Columns {
  if (names > FEW) return charts === 1 ? 1 : 2;
  return charts === 2 || charts === 4 ? 2 : 3;
}

/** The table takes what the charts leave of the last row. */
function tableSpan(charts: number, columns: Columns): string {
  const left = columns - (charts % columns);
  return left === columns ? 'span-all' : `span-${left}`;
}

/** Costs that are the same for all poolings have no chart. */
function SharedCosts({ content: { rows, timing } }: Pick<CostsProps, 'content'>) {
  const differing = differingCosts(rows);
  const shared = COSTS.filter((cost) => !differing.includes(cost)).map(({ title }) => title.toLowerCase());
  const { cpu, cores } = timing.environment;
  const measured = `Median training step and highest memory, measured on ${cpu} with ${cores} ${cores === 1 ? 'core' : 'cores'}.`;
  return (
    <>
      {measured} Parameters and multiply-adds are counted.{' '}
      {shared.length > 0 ? `The same for most or all, and so not drawn: ${shared.join(', ')}.` : ''}
    </>
  );
}

function CostTable({ content: { rows }, look }: CostsProps) {
  const [fastest = Number.NaN] = rows.map((row) => row.millisecondsPerStep).toSorted((a, b) => a - b);
  return (
    <table class="numbers">
      <caption class="visually-hidden">What each pooling costs</caption>
      <thead>
        <tr>
          <th scope="col">pooling</th>
          <th scope="col">ms/step</th>
          <th scope="col" class="roomy">
            to the fastest
          </th>
          <th scope="col">peak MB</th>
          <th scope="col">parameters</th>
          <th scope="col">MMAC</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.pool}>
            <th scope="row">
              <PoolName pool={row.pool} look={look} />
            </th>
            <td>{milliseconds(row.millisecondsPerStep)}</td>
            <td class="roomy">{ratio(row.millisecondsPerStep / fastest)}</td>
            <td>{(row.peakTensorBytes / 1e6).toFixed(0)}</td>
            <td>{grouped(row.parameters)}</td>
            <td>{(row.multiplyAdds / 1e6).toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ratio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)}×` : '–';
}
