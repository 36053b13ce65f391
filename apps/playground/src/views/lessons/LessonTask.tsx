/**
 * @file Something to try; the page sees when it is done.
 */
import type { JSX } from 'preact';
import type { Lesson } from '../../lessons/lesson.js';
import { useStore } from '../../state/store.js';

export interface LessonTaskProps {
  readonly lesson: Lesson;
  readonly text: string;
}

export function LessonTask({ lesson, text }: LessonTaskProps): JSX.Element {
  const { state, messages } = useStore();
  const texts = messages.value.lessons;
  const isDone = lesson.isDone(state.value);
  return (
    <section class="lesson-task">
      <h3>{texts.task}</h3>
      <p>{text}</p>
      <p role="status" class={isDone ? 'done' : 'hint'} data-task={isDone ? 'done' : 'open'}>
        {isDone ? `✓ ${texts.taskDone}` : texts.taskOpen}
      </p>
    </section>
  );
}
