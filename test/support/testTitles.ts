/** @file What tests are called, read from their sources without running them. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const root = new URL('../../', import.meta.url);

/** Titles of groups and tests in some files. */
export interface Titles {
  /** `%s` is a group, whose text is written somewhere in the files; everything else that is filled in stands for any text. */
  readonly patterns: readonly RegExp[];
  readonly text: string;
}

interface TestSource {
  readonly text: string;
  readonly patterns: readonly RegExp[];
  /** Files under test/. */
  readonly imports: readonly string[];
}

const sources = new Map<string, TestSource>();

/** The titles that a test file and what it imports from test/ give. */
export function readTitles(path: string): Titles {
  const files = new Set([path]);
  // A set's iteration reaches what is added meanwhile.
  for (const file of files) for (const imported of sourceOf(file).imports) files.add(imported);
  const read = [...files].map(sourceOf);
  return { patterns: read.flatMap(({ patterns }) => patterns), text: read.map(({ text }) => text).join('\n') };
}

function sourceOf(path: string): TestSource {
  const known = sources.get(path);
  if (known) return known;
  const text = readFileSync(new URL(path, root), 'utf8');
  const specifiers = [...text.matchAll(/ from '(\.[^']+)\.js';/g)].map(([, specifier]) => specifier!);
  const imports = specifiers
    .map((specifier) => `${join(dirname(path), specifier).replaceAll('\\', '/')}.ts`)
    .filter((file) => file.startsWith('test/'));
  const source = { text, patterns: patternsIn(path, text), imports };
  sources.set(path, source);
  return source;
}

/** Whether a group or a test may have this title. */
export function hasTitle({ patterns, text }: Titles, title: string): boolean {
  return patterns.some((pattern) =>
    pattern
      .exec(title)
      ?.slice(1)
      .every((filledIn) => text.includes(filledIn)),
  );
}

function patternsIn(path: string, text: string): RegExp[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const patterns: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /\b(describe|test|prop)\b/.test(node.expression.getText(source))) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) patterns.push(pattern([title.text]));
      if (title && ts.isTemplateExpression(title)) {
        patterns.push(pattern([title.head.text, ...title.templateSpans.map(({ literal }) => literal.text)]));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return patterns;
}

/** Matches titles made of these pieces with something between them. */
function pattern(pieces: readonly string[]): RegExp {
  const escaped = pieces.map((piece) =>
    piece
      .replace(/[.*+?^{}()|[\]\\/]/g, '\\$&')
      .replaceAll('%s', '(.*)')
      .replace(/%[a-z#]|\$[a-z]\w*(\\\.\w+)*/gi, '.*'),
  );
  return new RegExp(`^${escaped.join('.*')}$`);
}
