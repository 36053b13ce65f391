/**
 * @file What a lesson is: parts that each put the page into a state, a task, and a question.
 */
import type { PlaygroundState } from '../state/playgroundState.js';

/** What a part changes about the page. */
export type Scene = Partial<PlaygroundState>;

export type Question =
  | {
      readonly kind: 'choice';
      /** Place of the right option. */
      readonly right: () => number;
    }
  | {
      readonly kind: 'number';
      readonly right: () => number;
      /** How far an answer may be off. */
      readonly tolerance: number;
    };

export interface Lesson {
  /** One scene for each part; the last one has the task and the question. */
  readonly scenes: readonly Scene[];
  /** Whether the task is done. */
  readonly isDone: (state: PlaygroundState) => boolean;
  readonly question: Question;
}

/** A number as people type it: with a decimal comma, a real minus sign, or a unit behind. */
export function parseAnswer(text: string): number {
  const match = /^\s*[-−–]?\s*\d+(?:[.,]\d+)?/.exec(text);
  return match ? Number(match[0].replace(/\s/g, '').replace(/[−–]/, '-').replace(',', '.')) : Number.NaN;
}

/** Whether an answer to a question is right: an option's place, or a number. */
export function isRight(question: Question, answer: number): boolean {
  const right = question.right();
  return question.kind === 'choice' ? answer === right : Math.abs(answer - right) <= question.tolerance;
}
