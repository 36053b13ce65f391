/**
 * @file The Chromium that browser tests drive.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [
  process.env.SOFTGRAD_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Its path, or undefined where none is installed. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

/** Where a missing Chromium is a failure instead of a reason to skip. */
export const isChromiumRequired = process.env.SOFTGRAD_REQUIRE_CHROMIUM === '1';

/** In the name of tests that are skipped. */
export const chromiumNote = chromiumPath
  ? 'in Chromium'
  : 'in Chromium, which is not installed: apt-get install chromium';

/** WebGPU and WebGL run on the CPU, so that no test depends on a graphics card. */
const flags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // A camera that shows a test pattern.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

export function launchChromium(): Promise<Browser> {
  if (!chromiumPath) throw new Error('no Chromium');
  return chromium.launch({ executablePath: chromiumPath, args: flags });
}
