/**
 * @file What an error about hostile input must be: of a documented class, about the file, and short.
 */
import { FormatError } from '../../src/errors.js';

/** An error quotes at most so much of what it is about. */
const LONGEST_MESSAGE = 1000;

type ErrorClass = new (...args: never[]) => Error;

export interface Documented {
  readonly classes: readonly ErrorClass[];
  /** What the message must name. */
  readonly file?: string | undefined;
  /** Characters that the person at the keyboard typed, and may see again. */
  readonly quoted?: number;
}

/** Whether `error` is of one of these classes, and its message names the file and is short. */
export function complaintAbout(error: unknown, { classes, file, quoted = 0 }: Documented): string | undefined {
  if (!(error instanceof Error)) return `threw something that isn't an Error`;
  const names = classes.map(({ name }) => name).join(' or ');
  if (!classes.some((known) => error instanceof known)) return `threw a ${error.name}, expected ${names}`;
  if (file !== undefined && !error.message.includes(file)) return `the message doesn't name the file ${file}`;
  if (error.message.length > LONGEST_MESSAGE + quoted) return `the message has ${error.message.length} characters`;
  return undefined;
}

/** Whether `error` is a FormatError about that file, at an offset within its `length` bytes. */
export function complaintAboutFormat(error: unknown, file: string, length: number): string | undefined {
  const complaint = complaintAbout(error, { classes: [FormatError], file });
  if (complaint !== undefined || !(error instanceof FormatError)) return complaint;
  const { offset, message } = error;
  if (error.file !== file) return `the error is about ${error.file}, not ${file}`;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > length)
    return `${offset} is no offset in ${length} bytes`;
  if (!message.startsWith(`${file}, byte ${offset}: `)) return `the message doesn't begin with file and offset`;
  return undefined;
}
