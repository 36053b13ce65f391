/**
 * @file Everything on a sheet but the pictures, as one SVG.
 */
import type { Card, NumberRow } from './cards.js';
import { CARD_HEAD, GAP, type Layout, MARGIN, NOTE_LINE, NUMBER_ROW, PICTURE_GAP } from './layout.js';
import { outline, type TextStyle, type Typeface, wrap } from './typeset.js';

export interface SheetText {
  readonly title: string;
  readonly subtitle: string;
  readonly cards: readonly Card[];
  readonly notes: readonly string[];
}

export interface SheetPlan {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly places: readonly CardPlace[];
}

/** Where a card's pictures have their upper left corners. */
export interface CardPlace {
  readonly whole: { readonly left: number; readonly top: number };
  readonly closeUp: { readonly left: number; readonly top: number };
}

const [INK, GREY, ACCENT, RULE] = ['#1b1b1f', '#63636e', '#0b5cad', '#e3e3e8'];
const TITLE: TextStyle = { size: 26, weight: 'bold', colour: INK };
const SUBTITLE: TextStyle = { size: 15, colour: GREY };
const NAME: TextStyle = { size: 18, weight: 'bold', colour: INK };
const SUMMARY: TextStyle = { size: 13, colour: GREY };
const NUMBER: TextStyle = { size: 14, colour: INK, anchor: 'right' };
const BEST: TextStyle = { size: 14, weight: 'bold', colour: ACCENT, anchor: 'right' };
const LABEL: TextStyle = { size: 13, colour: GREY };
const HEAD: TextStyle = { size: 12, colour: GREY, anchor: 'right' };

/** Right edge of the SSIM column, from the right edge of the card. */
const SSIM_COLUMN = 74;

/** Sets the sheet's words and says where its pictures go. */
export function planSheet(typeface: Typeface, layout: Layout, text: SheetText): SheetPlan {
  const { card, columns, rows, whole, closeUp } = layout;
  const inner = columns * card + (columns - 1) * GAP;
  const paths: string[] = [];
  const put = (words: string, x: number, y: number, style: TextStyle): void => {
    paths.push(outline(typeface, words, x, y, style));
  };
  const top = MARGIN + heading(typeface, text, inner, put);
  const closeUpHeight = closeUp ? PICTURE_GAP + closeUp.reduced.height * closeUp.magnification : 0;
  const pictures = CARD_HEAD + whole.height + closeUpHeight;
  const cardHeight = pictures + numbersHeight(text.cards);
  const places = text.cards.map((content, index) => {
    const left = MARGIN + (index % columns) * (card + GAP);
    const y = top + Math.floor(index / columns) * (cardHeight + GAP);
    put(content.title, left, y + 18, NAME);
    wrap(typeface, content.summary, card, SUMMARY, 2).forEach((line, i) => {
      put(line, left, y + 39 + 17 * i, SUMMARY);
    });
    numbers(content.rows, left, left + card, y + pictures, put, (d) => paths.push(d));
    const wholeTop = y + CARD_HEAD;
    return {
      whole: { left, top: wholeTop },
      closeUp: { left, top: wholeTop + whole.height + PICTURE_GAP },
    };
  });
  const bottom = top + rows * cardHeight + (rows - 1) * GAP;
  const lines = text.notes.flatMap((note) => wrap(typeface, note, inner, LABEL));
  paths.push(rule(MARGIN, MARGIN + inner, bottom + 20));
  lines.forEach((line, i) => {
    put(line, MARGIN, bottom + 48 + NOTE_LINE * i, LABEL);
  });
  const width = inner + 2 * MARGIN;
  const height = bottom + 48 + NOTE_LINE * (lines.length - 1) + MARGIN;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${paths.join('')}</svg>`;
  return { svg, width, height, places };
}

type Put = (words: string, x: number, y: number, style: TextStyle) => void;

/** Returns the height that it takes. */
function heading(typeface: Typeface, { title, subtitle }: SheetText, width: number, put: Put): number {
  const lines = wrap(typeface, subtitle, width, SUBTITLE, 3);
  put(wrap(typeface, title, width, TITLE, 1)[0] ?? '', MARGIN, MARGIN + 22, TITLE);
  lines.forEach((line, i) => {
    put(line, MARGIN, MARGIN + 50 + 20 * i, SUBTITLE);
  });
  return 50 + 20 * lines.length + 14;
}

function numbersHeight(cards: readonly Card[]): number {
  return 16 + NUMBER_ROW * (1 + Math.max(...cards.map(({ rows }) => rows.length)));
}

function numbers(
  rows: readonly NumberRow[],
  left: number,
  right: number,
  top: number,
  put: Put,
  draw: (path: string) => void,
): void {
  if (rows.length === 0) return;
  put('SSIM', right - SSIM_COLUMN, top + 24, HEAD);
  put('PSNR', right, top + 24, HEAD);
  rows.forEach(({ label, ssim, psnr, bestSsim, bestPsnr }, i) => {
    const y = top + 24 + NUMBER_ROW * (i + 1);
    draw(rule(left, right, y - 17));
    put(label, left, y, LABEL);
    put(ssim, right - SSIM_COLUMN, y, bestSsim ? BEST : NUMBER);
    put(psnr, right, y, bestPsnr ? BEST : NUMBER);
  });
}

function rule(left: number, right: number, y: number): string {
  return `<path stroke="${RULE}" d="M${left} ${y + 0.5}H${right}"/>`;
}
