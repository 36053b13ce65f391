/**
 * @file Manners of the production build: accessibility, languages, addresses, size, isolation, and how it looks.
 */
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from '../../../../test/support/browser/accessibility.js';
import { chromiumNote, chromiumPath, launchChromium } from '../../../../test/support/browser/chromium.js';
import { compareLook } from '../../../../test/support/browser/compareLook.js';
import { visit } from '../../../../test/support/browser/visit.js';
import { VIEWS } from '../../src/state/playgroundState.js';
import { setSlider } from '../support/controls.js';
import { openSite, type Site } from '../support/site.js';

const WIDTHS = [390, 1024, 1920] as const;
const THEMES = ['light', 'dark'] as const;
const MOST_BYTES = 300_000;

const references = new URL('../references/', import.meta.url);

describe.skipIf(!chromiumPath)(`manners, ${chromiumNote}`, () => {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  test.each([...VIEWS, 'window?lesson=gradients&part=3'])(
    'axe finds nothing serious in %s, in both themes',
    async (view) => {
      const { page, complaints, close } = await visit(browser, `${site.isolated}#${view}`);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme });
        expect(await seriousFindings(page)).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await close();
    },
  );

  test.each(VIEWS)('%s fits a phone, a tablet and a projector, and looks as it did', async (view) => {
    const { page, close } = await visit(browser, `${site.isolated}#${view}`);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: Math.round(width < 500 ? width * 2 : width * 0.6) });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${view} at ${width} px is wider than the screen`).toBeLessThanOrEqual(0);
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme });
        await compareLook(page, references, `${view}-${width}-${theme}`);
      }
    }
    await close();
  });

  test('speaks Chinese when asked, and to whoever prefers it; the address keeps the choice', async () => {
    const { page, close } = await visit(browser, `${site.isolated}#window`);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '亲手算一个窗口' }).waitFor();
    await expect.poll(() => page.url()).toContain('language=zh');
    await page.reload();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
    await close();
    const other = await visit(browser, site.isolated, { locale: 'zh-CN' });
    expect(await other.page.locator('h1').textContent()).toBe('同一张图片，几种池化');
    await other.close();
  });

  test('keeps its whole state in the address, over a reload and the back button', async () => {
    const { page, close } = await visit(browser, site.isolated);
    await setSlider(page, 'Kernel', 5);
    await page.getByLabel('Colours').selectOption('dark');
    await page.getByRole('radio', { name: 'Rings' }).check();
    await expect.poll(() => page.url()).toMatch(/#look\?theme=dark&picture=rings&kernel=5&stride=5$/);
    await page.getByRole('link', { name: 'Shift' }).click();
    await page.reload();
    expect(page.url()).toContain('#shift?theme=dark&picture=rings&kernel=5');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.getByLabel('Kernel').inputValue()).toBe('5');
    await page.goBack();
    await page.getByRole('heading', { name: 'One picture, pooled in several ways' }).waitFor();
    await close();
  });

  test('is small, and asks nobody else for anything', async () => {
    const { page, requests, close } = await visit(browser, site.isolated);
    for (const view of VIEWS) await page.goto(`${site.isolated}#${view}`);
    const paths = [...new Set(requests)].map((url) => {
      expect(url.startsWith(site.isolated) || url.startsWith('data:'), url).toBe(true);
      return url.replace(site.isolated, '').split('#')[0] || 'index.html';
    });
    const sizes = paths.flatMap((path) => (site.files.has(path) ? [gzipSync(site.files.get(path)!).length] : []));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
    expect(paths.filter((path) => /raceWorker|gpu/i.test(path))).toEqual([]);
    await close();
  });

  test('becomes cross-origin isolated by its service worker where the host sets no headers', async () => {
    const { page, complaints, close } = await visit(browser, site.plain);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.getByRole('button', { name: 'Reload to switch it on' }).click();
    await page.getByText(/shared memory: yes/).waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });
});
