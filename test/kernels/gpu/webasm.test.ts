import { describeMode } from './describeMode.js';

await describeMode('webasm', { numRuns: 40 });
