/**
 * @file How the networks learnt.
 */
import { curveChart, curvePoints, METRICS, type Metric } from '../charts/curves.js';
import type { ReportContent } from '../reportContent.js';
import { Chart } from './Chart.js';
import type { Look } from './look.js';
import { PoolName } from './PoolName.js';
import { Card, Section } from './Section.js';

interface CurvesProps {
  readonly content: ReportContent;
  readonly look: Look;
}

const WIDTH = 336;
/** On a phone, and on a desk. */
const SMALL_WIDTHS = [164, 224] as const;
const MOST_COLUMNS = 5;

export function Curves({ content, look }: CurvesProps) {
  const { seeds } = content.study.settings;
  const band = seeds.length > 1 ? ' Lines are means over seeds; bands reach from the lowest to the highest seed.' : '';
  return (
    <Section
      id="curves"
      title="Learning curves"
      intro={`After each epoch.${band} Test samples choose nothing: all runs end with the last epoch.`}
    >
      {look.coloured ? <Together content={content} look={look} /> : <Apart content={content} look={look} />}
    </Section>
  );
}

/** All poolings in one chart. */
function Together({ content: { study }, look }: CurvesProps) {
  const { pools } = study.settings;
  return (
    <div class="grid-3">
      {METRICS.map((metric) => (
        <Card key={metric.title} title={metric.title}>
          <Chart
            widths={[WIDTH]}
            draw={(width) =>
              curveChart(curvePoints(study.runs, pools, metric), metric, {
                ...{ width, height: 250, colours: look.colours, named: true },
              })
            }
          />
        </Card>
      ))}
    </div>
  );
}

/** Each pooling in a chart of its own, before all others in grey. */
function Apart({ content, look }: CurvesProps) {
  return (
    <>
      {METRICS.slice(0, 2).map((metric) => (
        <Card key={metric.title} title={metric.title} caption="By epoch. Grey: the other poolings.">
          <div class="small-multiples" style={{ '--columns': evenColumns(content.rows.length) }}>
            {content.rows.map(({ pool }) => (
              <SmallCurve key={pool} pool={pool} metric={metric} content={content} look={look} />
            ))}
          </div>
        </Card>
      ))}
    </>
  );
}

/** So many that the rows are as long as each other, or nearly. */
function evenColumns(charts: number): number {
  return Math.ceil(charts / Math.ceil(charts / MOST_COLUMNS));
}

interface SmallCurveProps extends CurvesProps {
  readonly pool: string;
  readonly metric: Metric;
}

function SmallCurve({ pool, metric, content: { study, rows }, look }: SmallCurveProps) {
  const context = curvePoints(
    study.runs,
    rows.map((row) => row.pool).filter((name) => name !== pool),
    metric,
  );
  const draw = (width: number): string =>
    curveChart(curvePoints(study.runs, [pool], metric), metric, {
      width,
      height: 0.5 * width + 28,
      colours: look.colours,
      context,
    });
  return (
    <div>
      <h4>
        <PoolName pool={pool} look={look} />
      </h4>
      <Chart widths={SMALL_WIDTHS} draw={draw} />
    </div>
  );
}
