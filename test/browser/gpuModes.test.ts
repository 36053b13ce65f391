/**
 * @file The gpu backend in a real browser.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { chromiumNote, chromiumPath, isChromiumRequired, launchChromium } from '../support/browser/chromium.js';
import { openGpuPage, openGpuSite } from './openGpuPage.js';
import type { GpuPage } from './page/main.js';

declare const gpuPage: GpuPage;

const isThorough = process.env.SOFTGRAD_SLOW_TESTS !== undefined;
/** Cases per method. Node runs more of them in the other modes; WebGL 2 runs nowhere else. */
const numRuns = isThorough ? { webgpu: 50, webgl2: 50 } : { webgpu: 3, webgl2: 6 };
/** Whole training runs are among the tests. */
const TIME_LIMIT = 1_800_000;

if (chromiumPath) await describeChromium();
else {
  test(`the gpu backend, ${chromiumNote}`, (context) => {
    if (isChromiumRequired) throw new Error('no Chromium');
    context.skip(chromiumNote);
  });
}

async function describeChromium(): Promise<void> {
  const [site, browser] = await Promise.all([openGpuSite(), launchChromium()]);
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  for (const mode of ['webgpu', 'webgl2'] as const) {
    const page = await openGpuPage(browser, site);
    const options = { numRuns: numRuns[mode], isThorough };
    const names = await page.evaluate(([mode, options]) => gpuPage.collect(mode, options), [mode, options] as const);

    describe(`gpu ${mode}, in Chromium`, () => {
      test('is what backendInfo() names, with the adapter that executes', async () => {
        expect(await page.evaluate((mode) => gpuPage.info(mode), mode)).toEqual({
          backend: 'gpu',
          mode,
          description: expect.stringMatching(new RegExp(`^gpu ${mode}, .*swiftshader`, 'i')),
          device: expect.stringMatching(/swiftshader/i),
          dtypes: ['float32'],
          threads: 1,
        });
      });

      test.each(names)('%s', (name) => page.evaluate((name) => gpuPage.run(name), name), TIME_LIMIT);
    });
  }

  test('auto does not take an adapter that computes on the CPU', async () => {
    const page = await openGpuPage(browser, site);
    const refusal = await page.evaluate(() => gpuPage.info('auto'));
    expect(refusal).toMatch(/^BackendError: gpu: no GPU found\. Use await setBackend\('wasm'\)/);
    expect(refusal).toMatch(/mode webgpu has only .*swiftshader.*, which computes on the CPU/i);
    expect(refusal).toMatch(/mode webgl2 has only .*swiftshader.*, which computes on the CPU/i);
  });
}
