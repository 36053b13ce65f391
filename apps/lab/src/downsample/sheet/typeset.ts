/**
 * @file Text as outlines, so that a sheet looks the same on every machine, whatever fonts it has.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import opentype, { type Font } from 'opentype.js';

export type Weight = 'regular' | 'bold';

/** Roboto in two weights. */
export type Typeface = Readonly<Record<Weight, Font>>;

export interface TextStyle {
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
  /** What `x` is of the text. Default `left`. */
  readonly anchor?: 'left' | 'right';
}

/** Loads the typeface, which a package brings along. */
export async function loadTypeface(): Promise<Typeface> {
  const [regular, bold] = await Promise.all(['Regular', 'Bold'].map(loadFont));
  return { regular: regular!, bold: bold! };
}

async function loadFont(weight: string): Promise<Font> {
  const { resolve } = createRequire(import.meta.url);
  const { buffer, byteOffset, byteLength } = await readFile(
    resolve(`roboto-fontface/fonts/roboto/Roboto-${weight}.woff`),
  );
  return opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** An SVG path of one line of text with its baseline at `y`. */
export function outline(typeface: Typeface, text: string, x: number, y: number, style: TextStyle): string {
  const { size, weight = 'regular', colour = '#1b1b1f', anchor = 'left' } = style;
  const left = anchor === 'left' ? x : x - widthOf(typeface, text, style);
  const data = typeface[weight].getPath(text, left, y, size).toPathData(2);
  return `<path fill="${colour}" d="${data}"/>`;
}

/** The width of a line in pixels. */
export function widthOf(typeface: Typeface, text: string, { size, weight = 'regular' }: TextStyle): number {
  return typeface[weight].getAdvanceWidth(text, size);
}

/** Lines no wider than `width`, broken at spaces. What goes beyond `most` lines, or is a longer word, is cut with an ellipsis. */
export function wrap(
  typeface: Typeface,
  text: string,
  width: number,
  style: TextStyle,
  most = Number.MAX_SAFE_INTEGER,
): string[] {
  const fits = (line: string): boolean => widthOf(typeface, line, style) <= width;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const kept = lines.slice(0, most);
  if (lines.length > most) kept[most - 1] += '…';
  return kept.map((line) => (fits(line) ? line : ellipsis(line, fits)));
}

function ellipsis(line: string, fits: (text: string) => boolean): string {
  let kept = line.replace(/…$/, '');
  while (kept.length > 1 && !fits(`${kept}…`)) kept = kept.slice(0, -1).trimEnd();
  return `${kept}…`;
}
