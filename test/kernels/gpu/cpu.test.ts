import { describeMode } from './describeMode.js';

await describeMode('cpu', { numRuns: 60 });
