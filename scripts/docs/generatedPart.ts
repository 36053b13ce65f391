/**
 * @file Pages of which a part is written by a command, between two comments.
 */

/**
 * The page with another generated part.
 *
 * @param command that writes it, as its first comment says: `npm run zoo`
 * @throws Error if the page has no such part
 */
export function withGeneratedPart(page: string, command: string, part: string): string {
  const [start, end] = [`<!-- written by ${command}, don't edit -->`, `<!-- end of ${command} -->`];
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${start} … ${end}`);
  return `${before}${start}\n\n${part.trim()}\n\n${end}${after}`;
}
