import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests and examples import the library by its public name and run the sources, without a build.
    alias: [
      { find: /^softgrad$/, replacement: source('index.ts') },
      { find: /^softgrad\/(\w+)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    // Biome would take `fit(…)` for a focused test, so its own rule is off.
    allowOnly: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A wait for a page or a process takes as long as the machine is slow; the default of a second would fail on a busy one.
    expect: { poll: { timeout: 30_000 } },
  },
});
