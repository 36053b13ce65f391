/**
 * @file What the networks take for what.
 */
import { percent } from '../../report/format.js';
import { confusionChart, MOST_NAMED_CLASSES } from '../charts/confusionChart.js';
import { frequentMistakes, summedConfusion } from '../confusion.js';
import type { ReportContent } from '../reportContent.js';
import { Chart } from './Chart.js';
import { Folded } from './Folded.js';
import type { Look } from './look.js';
import { PoolName } from './PoolName.js';
import { Card, Section } from './Section.js';

interface ConfusionsProps {
  readonly content: ReportContent;
  readonly look: Look;
}

/** Seen at once. */
const SHOWN = 3;
const LISTED = 12;

export function Confusions({ content, look }: ConfusionsProps) {
  const { classes } = content.study.data;
  const named = classes.length <= MOST_NAMED_CLASSES;
  const cards = orderedPools(content).map((pool) => (
    <Card key={pool} title={<PoolName pool={pool} look={look} />}>
      <ConfusionView pool={pool} content={content} named={named} />
    </Card>
  ));
  return (
    <Section
      id="confusions"
      title="What is taken for what"
      intro={
        named
          ? 'Rows are the true classes, columns what they were taken for, in percent of the row, over all seeds.'
          : `With ${classes.length} classes: the mistakes that are made with the largest shares of a class, over all seeds.`
      }
    >
      <Folded items={cards} shown={SHOWN} scalable={false} />
    </Section>
  );
}

function ConfusionView({
  pool,
  content,
  named,
}: {
  readonly pool: string;
  readonly content: ReportContent;
  readonly named: boolean;
}) {
  const { runs, data } = content.study;
  const own = runs.filter((run) => run.pool === pool);
  const counts = summedConfusion(own, data.classes.length);
  if (named) return <Chart widths={[336]} draw={(width) => confusionChart(pool, counts, data.classes, width)} />;
  const name = (label: number): string => data.classes[label] ?? String(label);
  return (
    <ol class="mistake-list">
      {frequentMistakes(counts, LISTED).map(({ label, predicted, share }) => (
        <li key={`${label} ${predicted}`}>
          <b>{name(label)}</b> for {name(predicted)} <span>{percent(share)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The baseline first, then the best. */
function orderedPools({ rows, study }: ReportContent): string[] {
  const pools = rows.map(({ pool }) => pool);
  const { baseline } = study.settings;
  return pools.includes(baseline) ? [baseline, ...pools.filter((pool) => pool !== baseline)] : pools;
}
