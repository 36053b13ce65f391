/**
 * @file The playground: a page that teaches pooling.
 */
import { render } from 'preact';
import { setBackend } from 'softgrad';
import { App } from './app/App.js';
import { registerIsolation } from './app/isolation.js';
import { createStore } from './state/store.js';

// The page's pictures are small, and its thread must not wait for others; the race has threads of its own.
await setBackend('wasm', { threads: 1 });

const root = document.getElementById('app');
if (!root) throw new Error('no element #app in the page');
render(<App store={createStore(window)} />, root);
registerIsolation();
