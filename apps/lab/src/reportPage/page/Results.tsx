/**
 * @file The table of accuracies and differences, and the differences as a plot.
 */
import { accuracyText, probabilityText } from '../../report/cells.js';
import { percent, signedPoints } from '../../report/format.js';
import { differenceChart, differenceRows } from '../charts/differenceChart.js';
import type { ReportContent, ReportRow } from '../reportContent.js';
import { verdictText } from '../words/verdict.js';
import { Chart } from './Chart.js';
import type { Look } from './look.js';
import { PoolName } from './PoolName.js';
import { Card, Section } from './Section.js';

interface ResultsProps {
  readonly content: ReportContent;
  readonly look: Look;
}

export function Results({ content, look }: ResultsProps) {
  const { baseline } = content.study.settings;
  const differences = differenceRows(content);
  return (
    <Section
      id="results"
      title="Results"
      intro={`Test accuracy after the last epoch, and how it differs from ${baseline} in runs that started from the same weights and saw the same samples in the same order.`}
    >
      <div class={differences.length > 0 ? 'results' : ''}>
        <Card class="table-card" caption={<TableNote content={content} />}>
          <ResultTable content={content} look={look} />
        </Card>
        {differences.length > 0 ? (
          <Card
            title={`Difference to ${baseline}, in points`}
            caption={<PlotNote tested={differences.some(({ low }) => low !== undefined)} />}
          >
            <Chart
              widths={[336]}
              draw={(width) => differenceChart(differences, { baseline, colours: look.colours, width })}
            />
          </Card>
        ) : null}
      </div>
    </Section>
  );
}

function ResultTable({ content: { rows, study }, look }: ResultsProps) {
  const { baseline, seeds } = study.settings;
  const uneven = rows.some(({ runs }) => runs !== seeds.length);
  return (
    <table class="numbers">
      <caption class="visually-hidden">Test accuracy of each pooling, and its difference to {baseline}</caption>
      <thead>
        <tr>
          <th scope="col">pooling</th>
          {uneven ? <th scope="col">runs</th> : null}
          <th scope="col">accuracy</th>
          <th scope="col">against {baseline}</th>
          <th scope="col">p</th>
          <th scope="col" class="roomy left">
            verdict
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <ResultRow key={row.pool} row={row} uneven={uneven} look={look} />
        ))}
      </tbody>
    </table>
  );
}

function ResultRow({ row, uneven, look }: { readonly row: ReportRow; readonly uneven: boolean; readonly look: Look }) {
  const { pool, runs, accuracy, difference, verdict } = row;
  return (
    <tr class={`row-${verdict}`}>
      <th scope="row">
        <PoolName pool={pool} look={look} />
        {verdict === 'baseline' ? <small class="tag">baseline</small> : null}
      </th>
      {uneven ? <td>{runs}</td> : null}
      <td>
        {accuracy.halfWidth === null ? (
          percent(accuracy.mean)
        ) : (
          <span title={accuracyText(accuracy)}>
            {(accuracy.mean * 100).toFixed(1)}{' '}
            <small class="interval half">± {(accuracy.halfWidth * 100).toFixed(1)} %</small>
          </span>
        )}
      </td>
      <td>
        {difference ? <b>{signedPoints(difference.mean)}</b> : '–'}
        {difference?.test ? (
          <small class="interval">
            [{signedPoints(difference.test.low)}, {signedPoints(difference.test.high)}]
          </small>
        ) : null}
      </td>
      <td>
        {probabilityText(difference) || '–'}
        {difference?.test ? <small class="narrow">{verdictText(verdict)}</small> : null}
      </td>
      <td class="roomy left">{difference?.test ? verdictText(verdict) : ''}</td>
    </tr>
  );
}

function TableNote({ content: { study } }: { readonly content: ReportContent }) {
  if (study.settings.seeds.length < 2) return <>One seed: there are no intervals and no tests.</>;
  return (
    <>
      Means over seeds with 95 % intervals (Student’s t). Differences in percentage points, with 95 % bootstrap
      intervals over seeds and test samples; p of a paired t-test, corrected for the number of poolings by Holm’s
      method. A pooling is called better or worse if p is below .05 <em>and</em> the interval leaves out 0.
    </>
  );
}

function PlotNote({ tested }: { readonly tested: boolean }) {
  return tested ? (
    <>
      Thin strokes are single seeds, the mark is their mean, the bar its 95 % interval. Filled triangles are
      distinguishable, open circles aren’t.
    </>
  ) : (
    <>Marks are means of the seeds that both have. One seed has no interval.</>
  );
}
