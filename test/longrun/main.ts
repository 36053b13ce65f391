/**
 * @file `npm run longrun`: thousands of training steps, after which nothing may hold more than after the first thousand.
 */
import { parseArgs } from 'node:util';
import { BOUNDS, describeSamples, growths } from './growth.js';
import { longRun, SAMPLES } from './longRun.js';

const usage = `usage: npm run longrun -- [options]
  --steps N        training steps, a multiple of ${SAMPLES} (default 10000)
  --batch-size N   images per step (default 8)
  --size N         pixels of an image's side (default 16)
  --threads N      of the kernels (default: the available cores)
The exit status is 1 if, after the first tenth of the steps, more is held than before: ${Object.keys(BOUNDS).join(', ')}.`;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    'batch-size': { type: 'string', default: '8' },
    size: { type: 'string', default: '16' },
    threads: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(usage);
} else {
  const steps = wholeNumber('steps', values.steps, SAMPLES);
  const start = performance.now();
  const samples = await longRun({
    ...{ steps, batchSize: wholeNumber('batch-size', values['batch-size']), size: wholeNumber('size', values.size, 8) },
    threads: values.threads === undefined ? undefined : wholeNumber('threads', values.threads),
    onSample: ({ step }) => process.stderr.write(`\r${step} of ${steps} steps `),
  });
  process.stderr.write('\n');
  console.log(describeSamples(samples));
  const grown = growths(samples);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${steps} steps in ${seconds} s. ${grown.length === 0 ? 'Nothing grows.' : 'These grow:'}`);
  for (const line of grown) console.log(`  ${line}`);
  process.exitCode = grown.length === 0 ? 0 : 1;
}

/** A multiple of `unit`. */
function wholeNumber(option: string, text: string, unit = 1): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value % unit === 0) return value;
  console.error(`longrun: --${option} must be a positive multiple of ${unit}, got ${text}`);
  return process.exit(2);
}
