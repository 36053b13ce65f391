/**
 * @file Compares how the page looks with a reference picture, coarsely: fonts differ from machine to machine, layouts and
 * colours don't.
 *
 * Both are reduced to a few cells; a page without styles, without content or in the wrong theme differs in most of them.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const folder = fileURLToPath(new URL('../references/', import.meta.url));
/** Cells along the longer side. */
const CELLS = 12;
/** Mean difference of a cell's colour, 0 … 255, that other fonts may make. */
const TOLERANCE = 12;
/** Width of the pictures that are kept. */
const KEPT_WIDTH = 480;

/** With SOFTGRAD_UPDATE_REFERENCES=1 the picture becomes the reference. */
export async function compareLook(page: Page, name: string): Promise<void> {
  const file = `${folder}${name}.webp`;
  const shot = `data:image/png;base64,${(await page.screenshot()).toString('base64')}`;
  if (process.env.SOFTGRAD_UPDATE_REFERENCES === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, Buffer.from(await page.evaluate(shrunken, { shot, width: KEPT_WIDTH }), 'base64'));
  }
  expect(existsSync(file), `${name} has a reference: SOFTGRAD_UPDATE_REFERENCES=1 makes one`).toBe(true);
  const reference = `data:image/webp;base64,${readFileSync(file).toString('base64')}`;
  const [now, then] = await page.evaluate(
    async ({ cells, pictures }) => {
      const reduced = pictures.map(async (url) => {
        const image = await createImageBitmap(await (await fetch(url)).blob());
        const scale = cells / Math.max(image.width, image.height);
        const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
        const context = canvas.getContext('2d')!;
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
      });
      return Promise.all(reduced);
    },
    { cells: CELLS, pictures: [shot, reference] },
  );
  expect(now!.length, `${name} keeps its shape`).toBe(then!.length);
  const difference = now!.reduce((sum, value, i) => sum + Math.abs(value - then![i]!), 0) / now!.length;
  expect(difference, `${name} looks as it did`).toBeLessThan(TOLERANCE);
}

/** Runs in the page: a picture at a smaller size, as base64 of a WebP file. */
async function shrunken({ shot, width }: { shot: string; width: number }): Promise<string> {
  const image = await createImageBitmap(await (await fetch(shot)).blob());
  const scale = Math.min(1, width / image.width);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/webp', 0.7).split(',')[1]!;
}
