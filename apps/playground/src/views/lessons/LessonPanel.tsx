/**
 * @file The lesson that leads through the page, above whatever view it shows.
 */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Lesson } from '../../lessons/lesson.js';
import { lessons } from '../../lessons/lessons.js';
import { LESSONS, type LessonName } from '../../state/playgroundState.js';
import { useStore } from '../../state/store.js';
import { LessonQuestion } from './LessonQuestion.js';
import { LessonTask } from './LessonTask.js';

type Name = Exclude<LessonName, 'none'>;

/** Nothing outside lessons. */
export function LessonPanel(): JSX.Element | null {
  const { lesson, part } = useStore().state.value;
  if (lesson === 'none') return null;
  const { scenes } = lessons[lesson];
  return <Part name={lesson} lesson={lessons[lesson]} part={Math.min(part, scenes.length - 1)} />;
}

interface PartProps {
  readonly name: Name;
  readonly lesson: Lesson;
  readonly part: number;
}

function Part({ name, lesson, part }: PartProps): JSX.Element {
  const { lessons: texts } = useStore().messages.value;
  const { title, parts } = texts.texts[name];
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the next key: a later effect would take the focus from what the reader has gone on to.
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), [name, part]);
  const isLast = part === lesson.scenes.length - 1;
  return (
    <aside class="lesson" aria-label={texts.panel}>
      <p class="page-number">
        {texts.number(LESSONS.indexOf(name))} · {texts.part(part + 1, lesson.scenes.length)}
      </p>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p class="lesson-text">{parts[part]}</p>
      {isLast && (
        <div class="lesson-end">
          <LessonTask lesson={lesson} text={texts.texts[name].task} />
          <LessonQuestion key={name} name={name} question={lesson.question} />
        </div>
      )}
      <PartButtons name={name} lesson={lesson} part={part} />
    </aside>
  );
}

function PartButtons({ name, lesson, part }: PartProps): JSX.Element {
  const { messages, visit } = useStore();
  const texts = messages.value.lessons;
  const go = (next: number): void => visit({ ...lesson.scenes[next], part: next });
  const isLast = part === lesson.scenes.length - 1;
  const following = LESSONS[LESSONS.indexOf(name) + 1];
  return (
    <div class="buttons">
      <button type="button" disabled={part === 0} onClick={() => go(part - 1)}>
        {texts.back}
      </button>
      {!isLast && (
        <button type="button" class="primary" onClick={() => go(part + 1)}>
          {texts.next}
        </button>
      )}
      {isLast && following && following !== 'none' && (
        <button
          type="button"
          class="primary"
          onClick={() => visit({ ...lessons[following].scenes[0], lesson: following, part: 0 })}
        >
          {texts.nextLesson}
        </button>
      )}
      {isLast && (
        <button type="button" onClick={() => visit({ view: 'lessons', lesson: 'none', part: 0 })}>
          {texts.toLessons}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => visit({ lesson: 'none', part: 0 })}>
        {texts.leave}
      </button>
    </div>
  );
}
