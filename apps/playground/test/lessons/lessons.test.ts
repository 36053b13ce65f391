import { describe, expect, test } from 'vitest';
import { messages } from '../../src/i18n/index.js';
import { isRight, parseAnswer } from '../../src/lessons/lesson.js';
import { lessons } from '../../src/lessons/lessons.js';
import { initialState } from '../../src/state/address.js';
import type { PlaygroundState } from '../../src/state/playgroundState.js';

type Name = keyof typeof lessons;
const names = Object.keys(lessons) as Name[];

/** What someone who does each task leaves the page in. */
const solutions: Readonly<Record<Name, Partial<PlaygroundState>>> = {
  loss: { picture: 'letters', kernel: 4, stride: 4 },
  weights: { temperature: 0.63 },
  gradients: { values: [0, -4, -4, 3] },
  shifts: { shift: 8 },
  fairness: { seeds: 3 },
};

/** Answers as a person gives them: an option's place, or a text. */
const answers: Readonly<Record<Name, { right: string; wrong: string }>> = {
  loss: { right: '1', wrong: '2' },
  weights: { right: '2,72', wrong: '2' },
  gradients: { right: '1', wrong: '0' },
  shifts: { right: '3 cells', wrong: '12' },
  fairness: { right: '2', wrong: '0' },
};

describe.each(names)('the lesson %s', (name) => {
  const { scenes, isDone, question } = lessons[name];
  const end: PlaygroundState = { ...initialState, ...scenes.at(-1) };

  test.each(['en', 'zh'] as const)('has a text for every part in %s', (language) => {
    const { parts, options } = messages[language].lessons.texts[name];
    expect(parts).toHaveLength(scenes.length);
    expect(options.length > 0).toBe(question.kind === 'choice');
  });

  test('has a task that is open at first and can be done', () => {
    expect(isDone(end)).toBe(false);
    expect(isDone({ ...end, ...solutions[name] })).toBe(true);
  });

  test('tells right answers from wrong ones', () => {
    expect(isRight(question, parseAnswer(answers[name].right))).toBe(true);
    expect(isRight(question, parseAnswer(answers[name].wrong))).toBe(false);
  });
});

test.each([
  ['2.72', 2.72],
  [' −0,5 ', -0.5],
  ['3 cells', 3],
  ['many', Number.NaN],
])('the answer %j is the number %d', (text, value) => {
  expect(parseAnswer(text)).toBe(value);
});
