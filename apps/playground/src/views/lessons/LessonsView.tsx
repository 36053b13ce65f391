/**
 * @file Eighth view: the lessons to choose from.
 */
import type { JSX } from 'preact';
import { Page } from '../../components/Page.js';
import { lessons } from '../../lessons/lessons.js';
import type { LessonName } from '../../state/playgroundState.js';
import { useStore } from '../../state/store.js';

type Name = Exclude<LessonName, 'none'>;

export function LessonsView(): JSX.Element {
  const names = Object.keys(lessons) as Name[];
  return (
    <Page view="lessons">
      <ol class="lessons">
        {names.map((name, i) => (
          <LessonCard key={name} name={name} number={i + 1} />
        ))}
      </ol>
    </Page>
  );
}

function LessonCard({ name, number }: { readonly name: Name; readonly number: number }): JSX.Element {
  const { messages, visit } = useStore();
  const texts = messages.value.lessons;
  const { title, summary } = texts.texts[name];
  return (
    <li class="card">
      <p class="page-number">{texts.number(number)}</p>
      <h2 id={`lesson-${name}`}>{title}</h2>
      <p>{summary}</p>
      <button
        type="button"
        class="primary"
        aria-describedby={`lesson-${name}`}
        onClick={() => visit({ ...lessons[name].scenes[0], lesson: name, part: 0 })}
      >
        {texts.begin}
      </button>
    </li>
  );
}
