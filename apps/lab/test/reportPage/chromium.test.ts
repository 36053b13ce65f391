/**
 * @file The report in Chromium, as a reader opens it: a file on the disk.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from '../../../../test/support/browser/accessibility.js';
import { chromiumNote, chromiumPath, launchChromium } from '../../../../test/support/browser/chromium.js';
import { compareLook } from '../../../../test/support/browser/compareLook.js';
import { type Visit, visit } from '../../../../test/support/browser/visit.js';
import { writeReport } from '../../src/reportPage/writeReport.js';
import { type MadeStudyOptions, makeStudy } from './madeStudy.js';

const references = new URL('./references/', import.meta.url);
const WIDTHS = [390, 1440] as const;
const THEMES = ['light', 'dark'] as const;

/** Few poolings have colours; of many each has charts of its own. The names are short and long, the samples of every rank. */
const STUDIES: Readonly<Record<string, MadeStudyOptions>> = {
  few: { data: 'shapes', accuracies: { max: 0.8, soft: 0.89, avg: 0.79, stochastic: 0.72 }, seeds: 3 },
  many: {
    data: 'clips',
    accuracies: {
      'soft-detached': 0.8,
      soft: 0.89,
      avg: 0.79,
      gem: 0.83,
      lip: 0.91,
      mixed: 0.81,
      blur: 0.72,
      max: 0.8,
    },
    seeds: 3,
  },
  pair: { data: 'waveforms', accuracies: { 'soft-learned': 0.8, 'soft-detached': 0.81 }, seeds: 1 },
};

/** Where the page is looked at, from there downwards. */
const LOOKS: Readonly<Record<string, readonly string[]>> = {
  few: ['results', 'curves', 'mistakes', 'maps'],
  many: ['results'],
};

describe.skipIf(!chromiumPath)(`the report, ${chromiumNote}`, () => {
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'softgrad-report-'));
    browser = await launchChromium();
    for (const [name, options] of Object.entries(STUDIES)) {
      const made = await makeStudy(path.join(folder, name), options);
      expect(await writeReport(path.join(folder, name), made, made.test)).toEqual([]);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  const during = async (name: string, width: number, body: (open: Visit) => Promise<void>): Promise<void> => {
    const address = pathToFileURL(path.join(folder, name, 'report.html')).href;
    const open = await visit(browser, address, { viewport: { width, height: width < 500 ? 1500 : 1200 } });
    await body(open);
    expect(open.complaints).toEqual([]);
    expect(open.requests.filter((url) => !url.startsWith('data:'))).toEqual([address]);
    await open.close();
  };

  describe.each(Object.keys(STUDIES))('of %s poolings', (name) => {
    test.each(WIDTHS)('fits %i px: nothing is cut off, no words lie over others; loads nothing', (width) =>
      during(name, width, async ({ page }) => {
        await unfold(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        expect(await page.evaluate(wordsOutside)).toEqual([]);
        expect(await page.evaluate(wordsOverWords)).toEqual([]);
      }),
    );
  });

  test.each(THEMES)('is for everyone: axe finds nothing serious on a phone and on a desk, %s', (theme) =>
    during('few', 390, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await unfold(page);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousFindings(page), `${width} px`).toEqual([]);
      }
    }),
  );

  test('has one title, headings that leave no level out, and landmarks', () =>
    during('few', 1440, async ({ page }) => {
      const levels = await page
        .locator('h1, h2, h3, h4')
        .evaluateAll((heads) => heads.map(({ tagName }) => Number(tagName.slice(1))));
      expect(levels.filter((level) => level === 1)).toEqual([1]);
      expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
      for (const landmark of ['banner', 'navigation', 'main', 'contentinfo'] as const) {
        expect(await page.getByRole(landmark).count(), landmark).toBe(1);
      }
      await page.getByRole('link', { name: 'Before and after' }).click();
      expect(await page.locator('#maps').evaluate((section) => section.getBoundingClientRect().top)).toBeLessThan(2);
    }));

  describe.each(Object.entries(LOOKS))('of %s poolings', (name, sections) => {
    test.each(WIDTHS)('looks as it did at %i px, light and dark', (width) =>
      during(name, width, async ({ page }) => {
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme });
          for (const section of sections) {
            const from = section === 'results' ? 'h1' : `#${section}`;
            await page.locator(from).evaluate((element) => element.scrollIntoView());
            await compareLook(page, references, `${name}-${section}-${width}-${theme}`);
          }
        }
      }),
    );
  });
});

function unfold(page: Page): Promise<void> {
  return page.locator('details').evaluateAll((all) => {
    for (const details of all) details.setAttribute('open', '');
  });
}

/** Runs in the page: texts of charts that leave their card, and cells of tables that leave theirs. */
function wordsOutside(): string[] {
  const seen = [...document.querySelectorAll('svg text, td, th')].filter(
    (element) => element.getClientRects().length > 0,
  );
  return seen.flatMap((element) => {
    const own = element.getBoundingClientRect();
    const card = element.closest('.card, li, .sample')?.getBoundingClientRect();
    if (!card) return [`${element.textContent}: in no card`];
    const isInside =
      own.left >= card.left && own.right <= card.right && own.top >= card.top && own.bottom <= card.bottom;
    return isInside ? [] : [`${element.textContent}: ${own.left} to ${own.right} in ${card.left} to ${card.right}`];
  });
}

/** Runs in the page: texts of a chart that lie over another one. In a crowd of points nothing else may be possible. */
function wordsOverWords(): string[] {
  const charts = [...document.querySelectorAll('section:not(#costs, #confusions) svg')];
  return charts.flatMap((chart) => {
    const texts = [...chart.querySelectorAll('text')].map((element) => ({
      element,
      box: element.getBoundingClientRect(),
    }));
    return texts.flatMap(({ element, box }, i) =>
      texts.slice(i + 1).flatMap((other) => {
        const [x, y] = [
          Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left),
          Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top),
        ];
        // Boxes of lines are higher than their letters.
        return x > 0 && y > 5 ? [`${element.textContent} over ${other.element.textContent}`] : [];
      }),
    );
  });
}
