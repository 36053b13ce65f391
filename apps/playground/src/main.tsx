/**
 * @file The playground: a page that teaches pooling.
 */
import { render } from 'preact';
import { App } from './app/App.js';
import { registerIsolation } from './app/isolation.js';
import { createStore } from './state/store.js';

const root = document.getElementById('app');
if (!root) throw new Error('no element #app in the page');
render(<App store={createStore(window)} />, root);
registerIsolation();
