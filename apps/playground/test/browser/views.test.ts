/**
 * @file Every view but the race, in the production build: its numbers are those of the reference kernels.
 */

import type { Browser, JSHandle, Page } from 'playwright-core';
import { setBackend } from 'softgrad';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chromiumNote,
  chromiumPath,
  isChromiumRequired,
  launchChromium,
} from '../../../../test/support/browser/chromium.js';
import { type Visit, visit } from '../../../../test/support/browser/visit.js';
import { comparePool } from '../../src/compute/comparePools.js';
import { expressions } from '../../src/compute/expressions.js';
import { descent, flowInput, gradientFlow } from '../../src/compute/gradientFlow.js';
import { meanLargestJump, pooledShifts } from '../../src/compute/shiftTest.js';
import { traceExpression } from '../../src/compute/traceExpression.js';
import { windowInputs, windowNumbers } from '../../src/compute/windowNumbers.js';
import { builtInPicture } from '../../src/pictures/builtInPictures.js';
import { numberAt, numberIn, setSlider } from '../support/controls.js';
import { openSite, type Site } from '../support/site.js';

test.runIf(isChromiumRequired)('Chromium is installed where it is required', () => {
  expect(chromiumPath).toBeDefined();
});

/** A picture's file, half black. */
async function png(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      canvas.getContext('2d')!.fillRect(0, 0, w! / 2, h!);
      return canvas.toDataURL('image/png').split(',')[1]!;
    },
    [width, height],
  );
  return Buffer.from(base64, 'base64');
}

/** What the clipboard or a drag holds: one file. */
async function transferOf(page: Page, file: Buffer): Promise<JSHandle<DataTransfer>> {
  return page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], 'own.png', { type: 'image/png' }));
      return transfer;
    },
    [...file],
  );
}

describe.skipIf(!chromiumPath)(`the views, ${chromiumNote}`, () => {
  let site: Site;
  let browser: Browser;
  const complaints: string[] = [];
  const city = builtInPicture('city');

  beforeAll(async () => {
    await setBackend('reference');
    [site, browser] = await Promise.all([openSite(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await setBackend('wasm');
  });

  const during = async (fragment: string, body: (visit: Visit) => Promise<void>): Promise<void> => {
    const visited = await visit(browser, site.isolated + fragment);
    await body(visited);
    complaints.push(...visited.complaints);
    await visited.close();
  };

  test('look: PSNR and SSIM are those of the reference kernels, for three poolings', () =>
    during('#look?kernel=3&stride=2&padding=1', async ({ page }) => {
      const settings = { kernel: 3, stride: 2, padding: 1, beta: 1 };
      for (const name of ['max', 'avg', 'soft']) {
        const { psnr, ssim } = comparePool(city, name, settings).quality;
        const shown = await numberAt(page, `[data-pool=${name}] [data-score=psnr]`);
        expect(Math.abs(shown - psnr), name).toBeLessThan(0.006);
        expect(Math.abs((await numberAt(page, `[data-pool=${name}] [data-score=ssim]`)) - ssim)).toBeLessThan(0.0006);
      }
    }));

  test('look: takes a pasted picture, and shows every strategy of the registry', () =>
    during('#look', async ({ page }) => {
      const clipboardData = await transferOf(page, await png(page, 40, 30));
      await clipboardData.evaluate((transfer) =>
        dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer })),
      );
      await page.getByText('40 × 30').waitFor();
      await page.locator('.pools-choice summary').click();
      const boxes = page.locator('.pools-choice details input');
      for (let i = 0; i < (await boxes.count()); i++) await boxes.nth(i).check({ force: true });
      expect(await page.locator('.card[data-pool]').count()).toBe(3 + (await boxes.count()));
      expect(await page.locator('.card .warning').count()).toBe(0);
    }));

  test('look: opens a file, scales a large one, and says when it is not a picture', () =>
    during('#look', async ({ page }) => {
      const open = page.getByLabel('Open a file');
      await open.setInputFiles({ name: 'own.png', mimeType: 'image/png', buffer: await png(page, 1600, 400) });
      await page.getByText('640 × 160').waitFor();
      await open.setInputFiles({ name: 'own.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') });
      await page.getByText('That is not a picture this browser can read.').waitFor();
      expect(await page.getByText('640 × 160').count()).toBe(1);
    }));

  test('look: takes a dropped picture', () =>
    during('#look', async ({ page }) => {
      await page.dispatchEvent('body', 'drop', { dataTransfer: await transferOf(page, await png(page, 48, 36)) });
      await page.getByText('48 × 36').waitFor();
    }));

  test('look: takes a photo, and lets go of the camera', () =>
    during('#look', async ({ page }) => {
      await page.getByRole('button', { name: 'Use the camera' }).click();
      const video = page.getByLabel('What the camera sees');
      await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
      const stream = await video.evaluateHandle((element: HTMLVideoElement) => element.srcObject as MediaStream);
      await page.getByRole('button', { name: 'Take the photo' }).click();
      await expect.poll(() => page.url()).toContain('picture=own');
      expect(await video.count()).toBe(0);
      expect(await stream.evaluate((taken) => taken.getTracks().map((track) => track.readyState))).toEqual(['ended']);
    }));

  test('look: the arrow keys move the lens', () =>
    during('#look', async ({ page }) => {
      const frame = page.locator('[data-pool=max] .frame');
      const before = await frame.getAttribute('style');
      await page.locator('[data-pool=max] .pad').focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => frame.getAttribute('style')).not.toBe(before);
    }));

  test('window: weights, products, output and gradients are those of the reference kernels', () =>
    during('#window?windowSize=3&row=120&column=60&temperature=0.6', async ({ page }) => {
      const inputs = windowInputs(city, { row: 120, column: 60 }, 3);
      const numbers = windowNumbers(inputs, { pooling: 'soft', beta: 1.5, rule: 'exact' });
      for (let cell = 0; cell < 9; cell++) {
        const texts = await page.locator(`tr[data-cell="${cell}"] .bar-number`).allTextContents();
        const wanted = [inputs, numbers.weights, numbers.products, numbers.gradient].map((values) => values[cell]!);
        texts.map(numberIn).forEach((shown, i) => {
          expect(Math.abs(shown - wanted[i]!)).toBeLessThan(0.00051);
        });
      }
      expect(Math.abs((await numberAt(page, '[data-output]')) - numbers.output)).toBeLessThan(0.00051);
    }));

  test('window: a dragged input changes the output, the formula and the address; a reload keeps them', () =>
    during('#window?values=1,2,3,4', async ({ page }) => {
      expect(await numberAt(page, '[data-output]')).toBeCloseTo(3.493, 3);
      await setSlider(page, 'Input of cell 1', 5);
      const { output, gradient } = windowNumbers([5, 2, 3, 4], { pooling: 'soft', beta: 1, rule: 'exact' });
      await expect.poll(() => numberAt(page, '[data-output]')).toBeCloseTo(output, 3);
      expect(await numberAt(page, '[data-cell-gradient]')).toBeCloseTo(gradient[0]!, 3);
      await expect.poll(() => page.url()).toContain('values=5,2,3,4');
      await page.reload();
      expect(await numberAt(page, '[data-output]')).toBeCloseTo(output, 3);
      await page.getByRole('radio', { name: 'The paper’s' }).check();
      await expect.poll(() => numberAt(page, '[data-cell-gradient]')).toBeGreaterThan(0);
    }));

  test('window: hovering looks, the arrow keys move by one pixel', () =>
    during('#window', async ({ page }) => {
      const output = (): Promise<string | null> => page.locator('[data-output]').textContent();
      const pinned = await output();
      await page.locator('.window-picker .pad').hover({ position: { x: 20, y: 20 } });
      await expect.poll(output).not.toBe(pinned);
      await page.mouse.move(2, 2);
      await expect.poll(output).toBe(pinned);
      await page.locator('.window-picker .pad').focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => page.url()).toContain('row=134');
    }));

  test('gradient: the four maps are those of the reference kernels, and the descents end where they end there', () =>
    during('#gradient?output=6&overlap=yes', async ({ page }) => {
      const input = flowInput(city, { row: 133, column: 33 });
      for (const flow of ['max', 'avg', 'soft', 'detached'] as const) {
        const wanted = gradientFlow(input, flow, { beta: 1, overlap: true }, 6);
        const shown = await page
          .locator(`[data-flow=${flow}] td`)
          .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
        shown.forEach((value, i) => {
          expect(value).toBeCloseTo(wanted[i]!, 12);
        });
      }
      const last = descent(input, 'soft', { beta: 1, overlap: true, rate: 0.5 }).at(-1)!;
      expect(numberIn(await page.locator('.chart-legend b').nth(2).textContent())).toBeCloseTo(last, 4);
      await page.locator('[data-flow=input] .pad').focus();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => page.url()).toContain('output=5');
    }));

  test('temperature: the output runs from the average to the maximum, and β is learned', () =>
    during('#temperature?values=1,2,3,4', async ({ page }) => {
      for (const [temperature, output] of [
        [0, 2.5],
        [0.5, 3.493],
        [1, 4],
      ] as const) {
        await page.getByLabel('Temperature β').fill(String(temperature));
        await expect.poll(() => numberAt(page, '[data-output]')).toBeCloseTo(output, 3);
      }
      await page.getByRole('radio', { name: 'SoftPool with β = 2' }).check();
      await page.getByRole('button', { name: 'Learn β' }).click();
      const progress = page.locator('[data-progress]');
      await expect.poll(() => progress.textContent(), { timeout: 20_000 }).toMatch(/Step 200: β = (1\.9|2)/);
    }));

  test('shift: jumps are those of the reference kernels; a whole stride only moves the outputs', () =>
    during('#shift?kernel=4&stride=4', async ({ page }) => {
      for (const name of ['max', 'avg', 'soft']) {
        const jump = meanLargestJump(pooledShifts(city, name, { kernel: 4, stride: 4, padding: 0, beta: 1 }));
        expect(await numberAt(page, `tr[data-pool=${name}] [data-mean-jump]`)).toBeCloseTo(jump, 3);
      }
      await page.getByRole('button', { name: 'One pixel on' }).click();
      await expect.poll(() => page.url()).toContain('shift=1');
    }));

  test('autograd: every step of a graph, to the gradients of the library', () =>
    during('#autograd?expression=softmax', async ({ page }) => {
      const next = page.getByRole('button', { name: 'Next step' });
      let steps = 0;
      for (; await next.isEnabled(); steps++) await next.click();
      expect(steps).toBe(15);
      const vertices = traceExpression(expressions.softmax, [2, -1]);
      for (const { name, gradient, value } of vertices.slice(0, 2)) {
        expect(await numberAt(page, `[data-vertex="${name}"] [data-gradient]`)).toBeCloseTo(gradient, 2);
        expect(await numberAt(page, `[data-vertex="${name}"] [data-value]`)).toBeCloseTo(value, 2);
      }
    }));

  test('the console stayed free of errors', () => {
    expect(complaints).toEqual([]);
  });
});
