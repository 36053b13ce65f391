/**
 * @file The race and a lesson, in the production build: networks really train, and a new user needs nothing but a keyboard.
 */
import type { Browser, Page } from 'playwright-core';
import { setBackend } from 'softgrad';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumNote, chromiumPath, launchChromium } from '../../../../test/support/browser/chromium.js';
import { visit } from '../../../../test/support/browser/visit.js';
import { Lane, raceData } from '../../src/race/lane.js';
import { numberAt } from '../support/controls.js';
import { openSite, type Site } from '../support/site.js';

/** Steps whose losses backends must agree on; rounding differs, and training amplifies it. */
const STEPS = 4;

const lossOf = (page: Page, pool: string): Promise<number> => numberAt(page, `tr[data-pool=${pool}] [data-loss]`);

describe.skipIf(!chromiumPath)(`the race, ${chromiumNote}`, () => {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  test('begins with the losses of the reference kernels, on threads, and improves', async () => {
    const { page, complaints, requests, close } = await visit(browser, `${site.isolated}#race?racers=max,soft`);
    const loaded = requests.length;
    await page.getByRole('button', { name: 'One step' }).click();
    await expect.poll(() => page.locator('[data-backend]').textContent(), { timeout: 30_000 }).toMatch(/^wasm simd/);
    const [max, soft] = await firstLosses(['max', 'soft']);
    await expect.poll(() => lossOf(page, 'max'), { timeout: 30_000 }).toBeCloseTo(max!, 2);
    expect(await lossOf(page, 'soft')).toBeCloseTo(soft!, 2);

    await page.getByRole('button', { name: 'Go on' }).click();
    const accuracy = (): Promise<number> => numberAt(page, 'tr[data-pool=max] [data-accuracy]');
    await expect.poll(accuracy, { timeout: 55_000, interval: 200 }).toBeGreaterThan(30);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await lossOf(page, 'max')).toBeLessThan(max! - 0.3);
    expect(await numberAt(page, '[data-pace]')).toBeGreaterThan(0);
    expect(await page.locator('.network canvas').count()).toBe(4);

    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByText('Nothing is loaded until you start.').waitFor();
    // The trainer is the one thing that is loaded later, and it comes from the page's own host.
    const later = requests.slice(loaded).filter((url) => !url.startsWith('blob:'));
    expect(later.every((url) => url.startsWith(`${site.isolated}assets/raceWorker-`))).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  test('has the losses of WebAssembly on WebGPU and WebGL, step by step', async () => {
    const onThreads = await raceLosses(browser, `${site.isolated}#race?racers=max,soft`, /^wasm simd/);
    const { length } = onThreads;
    for (const mode of ['webgpu', 'webgl2']) {
      const address = `${site.isolated}#race?backend=${mode}&racers=max,soft`;
      const onDevice = await raceLosses(browser, address, new RegExp(`gpu ${mode}`));
      expect(onDevice, mode).toEqual(onThreads.map((loss) => expect.closeTo(loss, 2)));
      expect(onDevice).toHaveLength(length);
    }
  }, 180_000);

  test('shows a band over seeds and a β that moves, where memory is not shared', async () => {
    const { page, complaints, close } = await visit(browser, `${site.plain}#race?racers=soft-learned&seeds=2&batch=16`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.getByText('shared memory: no').waitFor();
    await page.getByRole('button', { name: 'Start the race' }).click();
    await expect.poll(() => numberAt(page, '[data-beta]'), { timeout: 30_000 }).toBeGreaterThan(0);
    expect(await page.locator('[data-backend]').textContent()).toContain('1 thread');
    await expect.poll(() => numberAt(page, '[data-beta]'), { timeout: 30_000 }).not.toBe(1);
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);
});

/** The losses that the page shows after each of the first steps, max's and soft's; `backend` is what must really run. */
async function raceLosses(browser: Browser, address: string, backend: RegExp): Promise<number[]> {
  const { page, complaints, close } = await visit(browser, address);
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    await page.getByRole('button', { name: 'One step' }).click();
    await expect.poll(() => page.locator('progress').getAttribute('value'), { timeout: 60_000 }).toBe(String(step));
    losses.push(await lossOf(page, 'max'), await lossOf(page, 'soft'));
  }
  expect(await page.locator('[data-backend]').textContent()).toMatch(backend);
  expect(complaints).toEqual([]);
  await close();
  return losses;
}

/** The losses of the first step, by the reference kernels in this process. */
async function firstLosses(pools: readonly string[]): Promise<number[]> {
  await setBackend('reference');
  const data = raceData();
  const losses: number[] = [];
  for (const pool of pools) losses.push(await new Lane({ pool, seed: 1 }, 32, data).step());
  await setBackend('wasm');
  return losses;
}
