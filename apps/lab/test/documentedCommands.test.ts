/**
 * @file Every `softgrad …` that the pages and the helps show is one that the command line takes: names, options, values.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProgram } from '../src/program.js';

const root = new URL('../../../', import.meta.url);
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...docs()];

function docs(): string[] {
  return readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
}

/** The words after each line's beginning; lines that a backslash breaks are one, comments are left out. */
function commandsIn(text: string, beginning: RegExp): string[][] {
  const lines = text.replace(/ *\\\n */g, ' ').split('\n');
  return lines
    .filter((line) => beginning.test(line))
    .map((line) =>
      line
        .replace(beginning, '')
        .replace(/\s+#.*/, '')
        .trim()
        .split(/\s+/),
    );
}

function shellBlocks(page: string): string {
  return [...page.matchAll(/^```(?:sh)?\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
}

/** What the command line has against it, without running it. */
function complaintAbout(words: readonly string[]): string | undefined {
  const program = createProgram();
  for (const command of program.commands) command.action(() => {});
  try {
    program.parse(words, { from: 'user' });
    return undefined;
  } catch (error) {
    return `softgrad ${words.join(' ')}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

test('the pages show many commands, and all can be typed', () => {
  const commands = pages.flatMap((page) =>
    commandsIn(shellBlocks(readFileSync(new URL(page, root), 'utf8')), /^(\$ )?npx softgrad /),
  );
  expect(commands.length).toBeGreaterThan(15);
  expect(commands.flatMap((words) => complaintAbout(words) ?? [])).toEqual([]);
});

test('so do the examples of every command’s help', () => {
  for (const { name, help } of helps()) {
    const commands = commandsIn(help, /^ {2}softgrad /);
    expect(commands.length, name).toBeGreaterThan(0);
    expect(commands.flatMap((words) => complaintAbout(words) ?? [])).toEqual([]);
  }
});

test('a command that isn’t one is noticed', () => {
  expect(complaintAbout(['train', '--pool', 'soft', '--sed', '3'])).toContain('--sed');
  expect(complaintAbout(['compare', '--pools', 'soft,hard'])).toContain('hard');
  expect(complaintAbout(['forget', 'everything'])).toContain('forget');
});

function helps(): { name: string; help: string }[] {
  return createProgram().commands.map((command) => {
    let help = '';
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    return { name: command.name(), help };
  });
}
