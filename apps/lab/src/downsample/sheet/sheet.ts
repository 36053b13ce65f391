/**
 * @file All reductions of a picture side by side, as one picture: a still one, or an animation in step with the original.
 */
import path from 'node:path';
import { crop, type Region } from '../../images/crop.js';
import type { Pixels } from '../../images/encodePicture.js';
import type { Picture } from '../../images/picture.js';
import type { Reductions } from '../downsample.js';
import type { Downsampling } from '../downsampling.js';
import { type Canvas, drawn, frameRegion, lay, sized } from './canvas.js';
import { type Card, cardsOf } from './cards.js';
import { type CloseUp, type Layout, layoutOf } from './layout.js';
import { type CardPlace, planSheet } from './sheetText.js';
import { sheetNotes, subtitle } from './sheetWords.js';
import { loadTypeface } from './typeset.js';

/**
 * Draws the sheet. An animation has the original's frames and delays; reductions over time show a frame as long as it stands for.
 *
 * @param panel about how wide each picture should be, in pixels
 */
export async function drawSheet(report: Downsampling, reductions: Reductions, panel: number): Promise<Pixels> {
  const { original, grid } = reductions;
  const cards = cardsOf(report, reductions);
  const layout = layoutOf(reductions, cards.length, panel);
  const plan = planSheet(await loadTypeface(), layout, {
    title: path.basename(report.file),
    subtitle: subtitle(report),
    cards,
    notes: sheetNotes(report, layout),
  });
  const ground = await drawn(plan.svg, plan.width, plan.height);
  const bytes = new Uint8Array(ground.bytes.length * original.frames.length);
  for (let t = 0; t < original.frames.length; t++) {
    const canvas = { ...ground, bytes: bytes.subarray(t * ground.bytes.length, (t + 1) * ground.bytes.length) };
    canvas.bytes.set(ground.bytes);
    const reducedFrame = Math.min(grid.time.output - 1, Math.floor(t / grid.time.step));
    for (const [index, card] of cards.entries()) {
      await layCard(canvas, card, card.isOriginal ? t : reducedFrame, layout, plan.places[index]!);
    }
  }
  return {
    ...{ width: plan.width, height: plan.height, channels: 3, frames: original.frames.length, bytes },
    ...{ delays: original.delays, loop: original.loop },
  };
}

async function layCard(
  canvas: Canvas,
  { picture, isOriginal }: Card,
  frame: number,
  { whole, closeUp }: Layout,
  place: CardPlace,
): Promise<void> {
  lay(canvas, await sized(picture, frame, whole.width, whole.height), place.whole.left, place.whole.top);
  if (!closeUp) return;
  const { reduced, original, magnification } = closeUp;
  const part = crop(frameOf(picture, frame), isOriginal ? original : reduced);
  const [width, height] = [reduced.width * magnification, reduced.height * magnification];
  lay(canvas, await sized(part, 0, width, height), place.closeUp.left, place.closeUp.top);
  frameRegion(canvas, outlined(closeUp, picture, whole, isOriginal, place));
}

/** Where the close-up lies in the whole picture. */
function outlined(
  { reduced, original }: CloseUp,
  { width, height }: Picture,
  whole: Layout['whole'],
  isOriginal: boolean,
  place: CardPlace,
): Region {
  const region = isOriginal ? original : reduced;
  const [across, down] = [whole.width / width, whole.height / height];
  return {
    left: place.whole.left + Math.round(region.left * across),
    top: place.whole.top + Math.round(region.top * down),
    width: Math.round(region.width * across),
    height: Math.round(region.height * down),
  };
}

function frameOf(picture: Picture, frame: number): Picture {
  return { ...picture, frames: [picture.frames[frame]!], delays: [0] };
}
