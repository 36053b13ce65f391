/**
 * @file Text from elsewhere in one line of a terminal.
 */

/** A text may quote a file, or come from another machine; its control characters would steer the terminal. */
export function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\p{Cc}/gu, '\u{fffd}');
}
