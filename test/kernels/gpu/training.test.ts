import { readFixture } from '../../support/readFixture.js';
import { describeTraining } from './describeTraining.js';
import { whereAvailable } from './whereAvailable.js';

const isThorough = process.env.SOFTGRAD_SLOW_TESTS !== undefined;

for (const mode of ['webasm', 'webgpu'] as const) {
  await whereAvailable(mode, () => describeTraining(mode, { read: readFixture, isThorough }));
}
