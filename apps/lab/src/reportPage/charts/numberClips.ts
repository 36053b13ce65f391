/**
 * @file Names of what charts are clipped by.
 */

/** Plot counts the clips of all charts of a process; a page must be the same whatever was drawn before it. */
export function numberClips(page: string): string {
  const numbers = new Map<string, number>();
  return page.replace(/plot-clip-\d+/g, (name) => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return `clip-${number}`;
  });
}
