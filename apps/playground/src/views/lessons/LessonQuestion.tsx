/**
 * @file A question whose answer the page checks.
 */
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { isRight, parseAnswer, type Question } from '../../lessons/lesson.js';
import type { LessonName } from '../../state/playgroundState.js';
import { useStore } from '../../state/store.js';

export interface LessonQuestionProps {
  readonly name: Exclude<LessonName, 'none'>;
  readonly question: Question;
}

export function LessonQuestion({ name, question }: LessonQuestionProps): JSX.Element {
  const texts = useStore().messages.value.lessons;
  const { question: text, explanation, hint } = texts.texts[name];
  const [answer, setAnswer] = useState('');
  const [verdict, setVerdict] = useState<'right' | 'wrong'>();
  const change = (next: string): void => {
    setAnswer(next);
    setVerdict(undefined);
  };
  const check = (event: Event): void => {
    event.preventDefault();
    setVerdict(isRight(question, parseAnswer(answer)) ? 'right' : 'wrong');
  };
  return (
    <form class="lesson-question" onSubmit={check}>
      <h3>{texts.question}</h3>
      {question.kind === 'choice' ? (
        <Options name={name} text={text} answer={answer} onChange={change} />
      ) : (
        <TypedAnswer text={text} answer={answer} onChange={change} />
      )}
      <button type="submit" disabled={answer === ''}>
        {texts.check}
      </button>
      <p role="status" class={verdict === 'right' ? 'done' : 'warning'} data-verdict={verdict ?? 'none'}>
        {verdict === 'right' && `✓ ${texts.right} ${explanation}`}
        {verdict === 'wrong' && `${texts.wrong} ${hint}`}
      </p>
    </form>
  );
}

interface AnswerProps {
  readonly text: string;
  readonly answer: string;
  readonly onChange: (answer: string) => void;
}

function Options({ name, text, answer, onChange }: AnswerProps & Pick<LessonQuestionProps, 'name'>): JSX.Element {
  const { options } = useStore().messages.value.lessons.texts[name];
  const group = useId();
  return (
    <fieldset>
      <legend>{text}</legend>
      {options.map((option, i) => (
        <label key={option}>
          <input
            type="radio"
            name={group}
            value={i}
            checked={answer === String(i)}
            onChange={() => onChange(String(i))}
          />{' '}
          {option}
        </label>
      ))}
    </fieldset>
  );
}

function TypedAnswer({ text, answer, onChange }: AnswerProps): JSX.Element {
  const texts = useStore().messages.value.lessons;
  const id = useId();
  return (
    <>
      <p id={id}>{text}</p>
      <input
        type="text"
        inputMode="decimal"
        size={8}
        autocomplete="off"
        aria-label={texts.answer}
        aria-describedby={id}
        value={answer}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </>
  );
}
