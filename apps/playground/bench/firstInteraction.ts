/**
 * @file How long after it was asked for the playground answers its first interaction: the kernel's slider moves, and the PSNR
 * beside a pooled picture follows.
 *
 *     npm run bench:playground
 *
 * From the request to the answer on the page, in the production build served from this machine by Chromium driven from outside,
 * whose own delays are included; with a processor slowed down four times, as on a phone, too.
 */
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../../test/support/browser/chromium.js';
import { openSite } from '../test/support/site.js';

const ROUNDS = 9;

/** Milliseconds from the request of the page to the answer. */
async function firstAnswer(browser: Browser, address: string, slowdown: number): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const start = performance.now();
  await page.goto(address, { waitUntil: 'commit' });
  const psnr = page.locator('[data-pool=max] [data-score=psnr]');
  const before = await psnr.textContent();
  await page.getByLabel('Kernel', { exact: true }).fill('3');
  while ((await psnr.textContent()) === before);
  const milliseconds = performance.now() - start;
  await context.close();
  return milliseconds;
}

const site = await openSite();
const browser = await launchChromium();
console.log(`The playground's first interaction, Chromium ${browser.version()}, median of ${ROUNDS} visits:`);
for (const slowdown of [1, 4]) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await firstAnswer(browser, site.isolated, slowdown));
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  const processor = slowdown === 1 ? 'this processor' : `a processor ${slowdown} times slower`;
  console.log(`  ${processor}: answered ${Math.round(median)} ms after the page was asked for`);
}
await browser.close();
site.close();
