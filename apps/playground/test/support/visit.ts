/**
 * @file A page of the playground under test, with everything that it complained about and asked for.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, and uncaught errors. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Opens `address` in a context of its own. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 900 }, locale: 'en-US', colorScheme: 'light', reducedMotion: 'reduce' },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address);
  await page.locator('h1').waitFor();
  return { page, complaints, requests, close: () => context.close() };
}

/** The number in a text of the page, which has real minus signs. */
export function numberIn(text: string | null): number {
  const match = /[−-]?\d+(?:\.\d+)?/.exec((text ?? '').replaceAll(',', ''));
  return match ? Number(match[0].replace('−', '-')) : Number.NaN;
}

export async function numberAt(page: Page, selector: string): Promise<number> {
  return numberIn(await page.locator(selector).first().textContent());
}

/** Sets a slider as a script does; keyboards are tested elsewhere. */
export async function setSlider(page: Page, label: string, value: number): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(String(value));
}
