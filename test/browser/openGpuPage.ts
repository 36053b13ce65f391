/**
 * @file The page that runs the gpu backend, as a production build: bundled, minified, names mangled.
 */
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openSite, type Site } from '../../apps/playground/test/support/site.js';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export function openGpuSite(): Promise<Site> {
  return openSite({
    configFile: false,
    root: pathOf('page/'),
    publicDir: pathOf('../fixtures/'),
    resolve: { alias: [{ find: /^vitest$/, replacement: pathOf('page/vitest.ts') }] },
    build: { target: 'es2022', chunkSizeWarningLimit: 4096 },
  });
}

/** A page of its own, whose crash or uncaught error fails what waits for it. */
export async function openGpuPage(browser: Browser, site: Site): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(site.isolated);
  await page.waitForFunction(() => 'gpuPage' in globalThis);
  return page;
}
