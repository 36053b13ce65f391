import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

/** What makes a page cross-origin isolated, and so lets it share memory between threads. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The page may lie in any folder of any host.
  base: './',
  publicDir: false,
  resolve: {
    // The library by its public names, from its sources: no build between an edit and the page.
    alias: [
      { find: /^softgrad$/, replacement: source('index.ts') },
      { find: /^softgrad\/(\w+)$/, replacement: source('$1/index.ts') },
    ],
  },
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // The trainer is larger than the page; it is loaded when a race begins.
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      input: {
        index: fileURLToPath(new URL('index.html', import.meta.url)),
        serviceWorker: fileURLToPath(new URL('src/serviceWorker.ts', import.meta.url)),
      },
      output: {
        // A service worker governs the folder that it lies in, and must keep its name.
        entryFileNames: ({ name }) => (name === 'serviceWorker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
