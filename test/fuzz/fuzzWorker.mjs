/**
 * @file Lets a worker thread run TypeScript, which it doesn't inherit from its parent.
 */
import { register } from 'tsx/esm/api';

register();
await import('./runInWorker.ts');
