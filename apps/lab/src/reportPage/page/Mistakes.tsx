/**
 * @file Test samples that networks get wrong, and those that divide the poolings.
 */
import { grouped } from '../../report/format.js';
import { mostFrequent, type Outcome } from '../evidence/examples.js';
import type { ExampleFigure, Figures } from '../figures/figures.js';
import type { ReportContent } from '../reportContent.js';
import { DrawingView } from './DrawingView.js';
import { Section } from './Section.js';

interface MistakesProps {
  readonly content: ReportContent;
  readonly figures: Figures;
}

/** Poolings are named one by one up to so many. */
const NAMED = 6;

export function Mistakes({ content, figures }: MistakesProps) {
  const { hardest, divided, alwaysWrong } = figures;
  const { testImages } = content.study.data;
  const { length: runs } = content.study.runs;
  if (hardest.length === 0) return null;
  return (
    <Section
      id="mistakes"
      title="Mistakes"
      intro={`Of ${grouped(testImages)} test samples, ${runs === 1 ? 'the run' : `all ${runs} runs`} got ${grouped(alwaysWrong)} wrong.`}
    >
      <h3 class="examples-head">Hardest: wrong in most runs</h3>
      <ul class="examples">
        {hardest.map((example) => (
          <HardExample key={example.index} example={example} content={content} />
        ))}
      </ul>
      {divided.length > 0 ? (
        <>
          <h3 class="examples-head">Where poolings are divided</h3>
          <p class="intro">
            Right with one pooling and wrong with another, in all seeds or in most. Among so many samples, chance alone
            makes some.
          </p>
          <ul class="examples">
            {divided.map((example) => (
              <DividedExample key={example.index} example={example} content={content} />
            ))}
          </ul>
        </>
      ) : null}
    </Section>
  );
}

interface ExampleProps {
  readonly example: ExampleFigure;
  readonly content: ReportContent;
}

function HardExample({ example, content }: ExampleProps) {
  const { index, label, outcomes, drawing } = example;
  const [runs, right] = [total(outcomes, 'runs'), total(outcomes, 'right')];
  const taken = mostFrequent(outcomes.flatMap((outcome) => outcome.taken ?? []));
  const [name, mistaken] = [className(content, label), className(content, taken)];
  return (
    <li>
      {drawing ? <DrawingView drawing={drawing} alt={`Test sample ${index}: ${name}`} /> : null}
      <b>{name}</b>
      <span>taken for {mistaken}</span>
      <small>
        {right === 0 ? 'by all' : `${runs - right} of ${runs} wrong`} · #{index}
      </small>
    </li>
  );
}

function DividedExample({ example, content }: ExampleProps) {
  const { index, label, outcomes, drawing } = example;
  const name = className(content, label);
  const [right, wrong] = [outcomes.filter(isMostlyRight), outcomes.filter((outcome) => !isMostlyRight(outcome))];
  return (
    <li>
      {drawing ? <DrawingView drawing={drawing} alt={`Test sample ${index}: ${name}`} /> : null}
      <b>{name}</b>
      <span>✓ {named(right)}</span>
      <span>✗ {wrong.length > NAMED ? named(wrong) : byMistake(wrong, content)}</span>
      <small>#{index}</small>
    </li>
  );
}

function named(outcomes: readonly Outcome[]): string {
  return outcomes.length > NAMED ? `${outcomes.length} poolings` : outcomes.map(({ pool }) => pool).join(', ');
}

/** `max, avg (cat), lp (dog)` */
function byMistake(outcomes: readonly Outcome[], content: ReportContent): string {
  const classes = [...new Set(outcomes.map(({ taken }) => taken))];
  const texts = classes.map((taken) => {
    const same = outcomes.filter((outcome) => outcome.taken === taken);
    return `${named(same)} (${className(content, taken)})`;
  });
  return texts.join(', ');
}

function isMostlyRight({ right, runs }: Outcome): boolean {
  return right * 2 > runs;
}

function total(outcomes: readonly Outcome[], member: 'runs' | 'right'): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[member], 0);
}

function className({ study }: ReportContent, label: number | undefined): string {
  return label === undefined ? 'nothing' : (study.data.classes[label] ?? String(label));
}
