/** @file A defect that is planted on purpose, and the test that must notice it. */

export interface Mutant {
  /** What is wrong, as one would say it; no two are alike. */
  readonly defect: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** Why somebody might write it. */
  readonly because: string;
  readonly test: NamedTest;
}

export interface NamedTest {
  readonly file: string;
  /** The titles of the groups around it and its own, which may be the beginning of several. */
  readonly titles: readonly string[];
}

/** The test in `file` under these titles. */
export function named(file: string, ...titles: readonly string[]): NamedTest {
  return { file, titles };
}

/** Matches what Vitest compares with `-t`: all titles, joined by spaces. */
export function testNamePattern(tests: readonly NamedTest[]): string {
  const patterns = tests.map(({ titles }) => titles.join(' ').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return `^(?:${[...new Set(patterns)].join('|')})`;
}

/** How a test is named to a reader. */
export function displayName({ titles }: NamedTest): string {
  return titles.join(' › ');
}
