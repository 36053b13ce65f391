import { describe, expect, test } from 'vitest';
import { downsample, type Reductions } from '../../src/downsample/downsample.js';
import type { Downsampling } from '../../src/downsample/downsampling.js';
import { cardsOf } from '../../src/downsample/sheet/cards.js';
import { closeUpRegion } from '../../src/downsample/sheet/closeUp.js';
import { layoutOf } from '../../src/downsample/sheet/layout.js';
import { drawSheet } from '../../src/downsample/sheet/sheet.js';
import { planSheet } from '../../src/downsample/sheet/sheetText.js';
import { loadTypeface, widthOf, wrap } from '../../src/downsample/sheet/typeset.js';
import type { DecodedPicture } from '../../src/images/decodePicture.js';
import { pictureOf, waves } from './pictures.js';

const options = { kernel: 2, stride: 2, levels: 1, temporal: false, white: 1 / 0.226, seed: 0 };

async function reduced(
  picture: Pick<DecodedPicture, 'width' | 'height' | 'channels' | 'frames' | 'delays' | 'loop'>,
  changes: Partial<typeof options> & { pools?: string[] } = {},
): Promise<{ report: Downsampling; reductions: Reductions }> {
  const settings = { ...options, pools: ['soft', 'max', 'avg'], ...changes };
  const decoded: DecodedPicture = { ...picture, format: 'png', notes: [] };
  const { report, reductions } = await downsample('waves.png', decoded, settings);
  return { report: { ...report, sheet: 'sheet.png' }, reductions };
}

test('the close-up is where the reductions differ most', () => {
  const calm = pictureOf({ width: 40, height: 30 }, waves);
  const other = pictureOf(
    { width: 40, height: 30 },
    (x, y) => waves(x, y) + (x >= 20 && x < 28 && y >= 7 && y < 13 ? 0.3 : 0),
  );
  expect(closeUpRegion([calm, other], 8, 6)).toEqual({ left: 20, top: 7, width: 8, height: 6 });
  expect(closeUpRegion([calm, calm], 8, 6)).toEqual({ left: 0, top: 0, width: 8, height: 6 });
  expect(closeUpRegion([calm, other], 80, 6)).toMatchObject({ left: 0, width: 40 });
});

describe('the layout', () => {
  test.each([1, 2, 3])('shows close-ups with whole factors, the original beside them: %d levels', async (levels) => {
    const { reductions } = await reduced(pictureOf({ width: 640, height: 480 }, waves), { levels, pools: ['max'] });
    const { card, closeUp, whole } = layoutOf(reductions, 3, 320);
    const step = 2 ** levels;
    expect(whole.width).toBe(card);
    expect(closeUp!.magnification % step).toBe(0);
    expect(closeUp!.original.width).toBe(closeUp!.reduced.width * step);
    expect(closeUp!.reduced.width * closeUp!.magnification).toBe(card);
  });

  test('needs no close-up of a picture that fits as squares', async () => {
    const { reductions } = await reduced(pictureOf({ width: 20, height: 12 }, waves));
    const { closeUp, whole } = layoutOf(reductions, 5, 320);
    expect(closeUp).toBeUndefined();
    expect(whole).toEqual({ width: 320, height: 192 });
  });

  test('fills rows evenly: 7 cards as 4 + 3', async () => {
    const { reductions } = await reduced(pictureOf({ width: 20, height: 12 }, waves));
    expect(layoutOf(reductions, 7, 320)).toMatchObject({ columns: 4, rows: 2 });
  });
});

test('lines are broken at spaces, cut with an ellipsis, and never wider than allowed', async () => {
  const typeface = await loadTypeface();
  const style = { size: 13 };
  const words = 'the exponentially weighted mean of the window (SoftPool) and soforth';
  const all = wrap(typeface, words, 120, style);
  expect(all.join(' ')).toBe(words);
  const cut = wrap(typeface, `${'w'.repeat(200)} ${words}`, 120, style, 2);
  expect(cut).toHaveLength(2);
  expect(cut[1]).toMatch(/…$/);
  for (const line of [...all, ...cut]) expect(widthOf(typeface, line, style)).toBeLessThanOrEqual(120);
});

test('cards tell the best pooling, unless all are alike', async () => {
  const varied = await reduced(pictureOf({ width: 32, height: 32, channels: 3 }, waves));
  const best = cardsOf(varied.report, varied.reductions).filter(({ rows }) => rows.some(({ bestPsnr }) => bestPsnr));
  expect(best.map(({ title }) => title)).toEqual(['avg']);
  const flat = await reduced(pictureOf({ width: 32, height: 32 }, () => 1));
  const rows = cardsOf(flat.report, flat.reductions).flatMap((card) => card.rows);
  expect(rows.every(({ bestSsim, bestPsnr, psnr }) => !bestSsim && !bestPsnr && psnr === '∞ dB')).toBe(true);
});

describe('the sheet', () => {
  test('shows every picture at its place, close-ups as squares', async () => {
    const { report, reductions } = await reduced(pictureOf({ width: 200, height: 150, channels: 3 }, waves));
    const pixels = await drawSheet(report, reductions, 320);
    const cards = cardsOf(report, reductions);
    const layout = layoutOf(reductions, cards.length, 320);
    const plan = planSheet(await loadTypeface(), layout, {
      title: '',
      subtitle: 'one line',
      cards,
      notes: ['', '', ''],
    });
    expect([pixels.width, pixels.frames]).toEqual([plan.width, 1]);
    expect(pixels.bytes).toHaveLength(pixels.width * pixels.height * 3);
    const { reduced: region, magnification } = layout.closeUp!;
    const { left, top } = plan.places[3]!.closeUp;
    const max = reductions.pooled.get('max')!;
    for (const [x, y] of [
      [0, 0],
      [3, 5],
      [region.width - 1, region.height - 1],
    ] as const) {
      const at = 3 * ((top + (y + 0.5) * magnification) * pixels.width + left + (x + 0.5) * magnification);
      const cell = (region.top + y) * max.width + region.left + x;
      const expected = [0, 1, 2].map((c) => Math.round(max.frames[0]![c * max.width * max.height + cell]! * 255));
      expect([...pixels.bytes.slice(at, at + 3)]).toEqual(expected);
    }
  });

  test('of an animation has its frames; what is pooled over time stands still for as long as it stands for', async () => {
    const moving = pictureOf({ width: 20, height: 12, frames: 5 }, (x, y, _c, t) => waves(x + 3 * t, y));
    const { report, reductions } = await reduced(moving, { temporal: true, pools: ['soft'] });
    const pixels = await drawSheet(report, reductions, 200);
    expect([pixels.frames, pixels.delays]).toEqual([4, [100, 100, 100, 100]]);
    const size = pixels.width * pixels.height * 3;
    const rows = (t: number, from: number, to: number): string => {
      const parts = Array.from({ length: pixels.height }, (_, y) => {
        const row = t * size + 3 * y * pixels.width;
        return Buffer.from(pixels.bytes.subarray(row + 3 * from, row + 3 * to));
      });
      return Buffer.concat(parts).toString('base64');
    };
    const reduction = (t: number): string => rows(t, 236, pixels.width);
    const whole = (t: number): string => rows(t, 0, pixels.width);
    expect(reduction(0) === reduction(1)).toBe(true);
    expect(reduction(1) === reduction(2)).toBe(false);
    expect(reduction(2) === reduction(3)).toBe(true);
    expect(whole(0) === whole(1)).toBe(false);
  });
});
