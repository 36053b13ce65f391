/**
 * @file Lessons in the production build, by keyboard alone, as a new user would take them.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumNote, chromiumPath, launchChromium } from '../../../../test/support/browser/chromium.js';
import { visit } from '../../../../test/support/browser/visit.js';
import { ADDRESS_DELAY } from '../../src/state/addressDelay.js';
import { openSite, type Site } from '../support/site.js';

/** Goes on with Tab until what has the focus is called `name`, as a screen reader would say it. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      return [element?.getAttribute('aria-label'), element?.textContent, ...labels.map((label) => label.textContent)];
    });
    if (focused.some((text) => text?.trim() === name)) return;
  }
  throw new Error(`Tab never reaches ${name}`);
}

const press = async (page: Page, name: string): Promise<void> => {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
};

/** Goes back as a script would: the browser's own button could be pressed before it has heard of the page's last address. */
async function back(page: Page, toLesson: boolean): Promise<void> {
  await page.evaluate(() => history.back());
  await expect.poll(() => new URL(page.url()).hash.includes('lesson=')).toBe(toLesson);
}

describe.skipIf(!chromiumPath)(`lessons, ${chromiumNote}`, () => {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  test('the second lesson, from the start of the page to the right answer, by keyboard alone', async () => {
    const { page, complaints, close } = await visit(browser, site.isolated);
    await press(page, '8Lessons');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('page-title');
    await press(page, 'Begin');
    await press(page, 'Leave the lesson');
    await back(page, true);
    await back(page, false);
    await tabTo(page, 'Begin');
    await press(page, 'Begin');
    expect(page.url()).toContain('lesson=weights');
    for (let part = 0; part < 3; part++) await press(page, 'Next');
    expect(await page.locator('[data-task]').getAttribute('data-task')).toBe('open');

    await tabTo(page, 'Your answer');
    await page.keyboard.type('3');
    await press(page, 'Check');
    expect(await page.locator('[data-verdict]').getAttribute('data-verdict')).toBe('wrong');

    await tabTo(page, 'Temperature β');
    for (let presses = 0; presses < 60; presses++) {
      if ((await page.locator('[data-task]').getAttribute('data-task')) === 'done') break;
      await page.keyboard.press('ArrowRight');
    }
    expect(await page.locator('[data-task]').getAttribute('data-task')).toBe('done');

    await page.locator('.lesson h2').focus();
    await tabTo(page, 'Your answer');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2,72');
    await page.keyboard.press('Enter');
    expect(await page.locator('[data-verdict]').getAttribute('data-verdict')).toBe('right');
    // The address follows the state a moment later, and a reload starts from the address.
    await page.waitForTimeout(2 * ADDRESS_DELAY);
    await page.reload();
    expect(await page.locator('[data-task]').getAttribute('data-task')).toBe('done');
    expect(complaints).toEqual([]);
    await close();
  });
});
