/**
 * @file Compares how a page looks with a reference picture, coarsely: fonts differ from machine to machine, layouts and
 * colours don't.
 *
 * Both are reduced to a few cells. The difference is Σ|now − then| / Σ|then − mean of then|: by how much the cells changed, in
 * units of how much they differ from each other, since a page of text and lines is nearly the colour of its paper everywhere.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';

/** Cells along the longer side. */
const CELLS = 12;
/** With other fonts, parts of the lab's report differ by .01 to .67; without styles, or in the place of another, by .96 and more. */
const TOLERANCE = 0.75;
/** Width of the pictures that are kept. */
const KEPT_WIDTH = 480;

/**
 * What can be seen of the page, against the picture `name` in the folder of references. With SOFTGRAD_UPDATE_REFERENCES=1 it
 * becomes the reference.
 */
export async function compareLook(page: Page, references: URL, name: string): Promise<void> {
  const file = fileURLToPath(new URL(`${name}.webp`, references));
  await page.evaluate(painted);
  const shot = await page.screenshot();
  if (process.env.SOFTGRAD_UPDATE_REFERENCES === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    const kept = sharp(shot).resize({ width: KEPT_WIDTH, withoutEnlargement: true });
    writeFileSync(file, await kept.webp({ quality: 70 }).toBuffer());
  }
  expect(existsSync(file), `${name} has a reference: SOFTGRAD_UPDATE_REFERENCES=1 makes one`).toBe(true);
  const [now, then] = await Promise.all([reduced(shot), reduced(readFileSync(file))]);
  expect(now.length, `${name} keeps its shape`).toBe(then.length);
  expect(difference(now, then), `${name} looks as it did`).toBeLessThan(TOLERANCE);
}

/** Runs in the page: ends when its fonts and pictures are there, and what changed last has been drawn. */
async function painted(): Promise<void> {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

function difference(now: Uint8Array, then: Uint8Array): number {
  const means = [0, 1, 2].map((channel) => mean(then.filter((_, i) => i % 3 === channel)));
  const contrast = mean(Array.from(then, (value, i) => Math.abs(value - means[i % 3]!)));
  return mean(Array.from(now, (value, i) => Math.abs(value - then[i]!))) / contrast;
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Red, green and blue of each cell, 0 … 255. */
async function reduced(picture: Buffer): Promise<Uint8Array> {
  // The fast way that some formats offer would give both pictures cells of another sharpness.
  const small = sharp(picture).resize(CELLS, CELLS, { fit: 'inside', fastShrinkOnLoad: false });
  return small.removeAlpha().raw().toBuffer();
}
