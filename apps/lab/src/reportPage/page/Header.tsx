/**
 * @file The head of the page: what was compared, and what came out.
 */
import { duration, grouped, signedPoints } from '../../report/format.js';
import type { ReportContent, ReportRow } from '../reportContent.js';
import type { Verdict } from '../words/verdict.js';

interface HeaderProps {
  readonly content: ReportContent;
  /** What there is on the page. */
  readonly sections: readonly (readonly [id: string, title: string])[];
}

export function Header({ content, sections }: HeaderProps) {
  const { title, headline, unfinished } = content;
  return (
    <header>
      <p class="eyebrow">softgrad · pooling study</p>
      <h1>{title}</h1>
      <p class="headline">{headline}</p>
      {unfinished === undefined ? null : (
        <p class="notice" role="note">
          <b>Not finished.</b> {unfinished}
        </p>
      )}
      <Verdicts content={content} />
      <Facts content={content} />
      <nav aria-label="Sections">
        {sections.map(([id, title]) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
    </header>
  );
}

const GROUPS: readonly {
  readonly verdict: Verdict;
  readonly sign: string;
  readonly title: (base: string) => string;
}[] = [
  { verdict: 'better', sign: '▲', title: (base) => `Better than ${base}` },
  { verdict: 'worse', sign: '▼', title: (base) => `Worse than ${base}` },
  { verdict: 'same', sign: '○', title: (base) => `Can’t be told from ${base}` },
  { verdict: 'untested', sign: '?', title: (base) => `Not tested against ${base}` },
];

/** Poolings by what the study says of them. */
function Verdicts({ content: { rows, study } }: { readonly content: ReportContent }) {
  const groups = GROUPS.map((group) => ({ ...group, own: rows.filter(({ verdict }) => verdict === group.verdict) }));
  return (
    <div class="verdicts">
      {groups
        .filter(({ own }) => own.length > 0)
        .map(({ verdict, sign, title, own }) => (
          <div key={verdict} class={`verdict verdict-${verdict}`}>
            <h2>
              <span aria-hidden="true">{sign}</span> {title(study.settings.baseline)}
            </h2>
            <ul>
              {own.map((row) => (
                <Chip key={row.pool} row={row} />
              ))}
            </ul>
          </div>
        ))}
    </div>
  );
}

function Chip({ row: { pool, difference } }: { readonly row: ReportRow }) {
  return (
    <li>
      <b>{pool}</b> {difference ? signedPoints(difference.mean) : ''}
    </li>
  );
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

function Facts({ content: { study, timing } }: { readonly content: ReportContent }) {
  const { settings, data, runs } = study;
  const seconds = timing.runs.flatMap(({ epochs }) => epochs).reduce((total, epoch) => total + epoch.seconds, 0);
  const facts: readonly (readonly [name: string, value: string])[] = [
    [plural('pooling', settings.pools.length), String(settings.pools.length)],
    [`${plural('seed', settings.seeds.length)} each`, String(settings.seeds.length)],
    ['runs', `${runs.length} of ${settings.pools.length * settings.seeds.length}`],
    [plural('epoch', settings.epochs), String(settings.epochs)],
    ['training samples', grouped(data.trainImages)],
    ['test samples', grouped(data.testImages)],
    ['training time', duration(seconds)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
