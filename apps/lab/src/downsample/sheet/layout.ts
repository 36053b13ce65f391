/**
 * @file Sizes and places on a sheet, in pixels: a title, then cards of one size in rows, then notes.
 *
 * A card is a name, the whole picture, a close-up of it, and numbers. All whole pictures have one size, and so have all close-ups,
 * so that equal places lie at equal places.
 */
import type { Region } from '../../images/crop.js';
import type { Reductions } from '../downsample.js';
import { closeUpRegion } from './closeUp.js';

export const MARGIN = 36;
export const GAP = 28;
/** Above the pictures of a card: its name and two lines of summary. */
export const CARD_HEAD = 66;
/** Between the whole picture and the close-up. */
export const PICTURE_GAP = 12;
export const NUMBER_ROW = 24;
export const NOTE_LINE = 20;

/** A reduced pixel is at least that large in the close-up. */
const CLOSE_UP_PIXEL = 8;
/** Pictures may be that much taller than wide before they get narrower. */
const TALLEST = 1.25;
const MOST_COLUMNS = 5;

export interface Layout {
  /** Width of a card. */
  readonly card: number;
  readonly columns: number;
  readonly rows: number;
  /** Of the whole pictures. */
  readonly whole: { readonly width: number; readonly height: number };
  /** Absent where the whole pictures are shown as large as that. */
  readonly closeUp?: CloseUp;
}

export interface CloseUp {
  /** In pixels of the reductions. */
  readonly reduced: Region;
  /** In pixels of the covered part of the original. */
  readonly original: Region;
  /** Side of a reduced pixel on the sheet. */
  readonly magnification: number;
}

/**
 * The layout of a sheet.
 *
 * @param cards how many
 * @param panel about how wide a card should be
 */
export function layoutOf({ original, grid, lanczos, pooled }: Reductions, cards: number, panel: number): Layout {
  const { step } = grid.width;
  const magnification = step * Math.max(1, Math.round(CLOSE_UP_PIXEL / step));
  const card = magnification * Math.max(1, Math.round(panel / magnification));
  const rows = Math.ceil(cards / MOST_COLUMNS);
  const common = { card, rows, columns: Math.ceil(cards / rows) };
  const cells = { width: Math.floor(card / magnification), height: Math.floor((card * 0.75) / magnification) };
  if (lanczos.width <= cells.width && lanczos.height <= cells.width * TALLEST) {
    const factor =
      magnification *
      Math.max(1, Math.floor(card / (magnification * Math.max(lanczos.width, lanczos.height / TALLEST))));
    return { ...common, whole: { width: lanczos.width * factor, height: lanczos.height * factor } };
  }
  const scale = Math.min(card / original.width, (card * TALLEST) / original.height);
  const reduced = closeUpRegion([lanczos, ...pooled.values()], cells.width, Math.max(1, cells.height));
  return {
    ...common,
    whole: {
      width: Math.max(1, Math.round(original.width * scale)),
      height: Math.max(1, Math.round(original.height * scale)),
    },
    closeUp: { reduced, original: enlarged(reduced, step, original), magnification },
  };
}

/** The same region in pixels of the original, as far as there are any. */
function enlarged(
  { left, top, width, height }: Region,
  step: number,
  original: Pick<Region, 'width' | 'height'>,
): Region {
  return {
    left: left * step,
    top: top * step,
    width: Math.min(width * step, original.width - left * step),
    height: Math.min(height * step, original.height - top * step),
  };
}
