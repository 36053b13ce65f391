/**
 * @file `npm run soak -- --minutes 30`: random programs on every set of kernels until time is up.
 */
import { parseArgs } from 'node:util';
import { describeReport } from './report.js';
import { findTargets } from './sets.js';
import { type SoakReport, soak } from './soak.js';

const usage = `usage: npm run soak -- [options]
  --minutes N         how long (default 1)
  --programs N        or how many programs
  --seed S            what is drawn first (default: the clock)
  --backends A,B      sets to compare with the reference, by the beginnings of their names: wasm, wasm-relaxed, gpu-webgpu …
                      (default: all that are there)
  --max-steps N       steps of the longest programs (default 6)`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    programs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    backends: { type: 'string', default: 'wasm,gpu' },
    'max-steps': { type: 'string', default: '6' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(usage);
} else {
  const wanted = values.backends.split(',');
  const { targets, missing } = await findTargets((name) => wanted.some((start) => name.startsWith(start)));
  const [start, seed] = [performance.now(), wholeNumber('seed', values.seed)];
  console.log(`seed ${seed}, ${targets.map(({ name }) => name).join(', ')}`);
  let nextProgress = start + 60_000;
  const report = await soak({
    targets,
    seed,
    deadline: start + positive('minutes', values.minutes) * 60_000,
    maxSteps: positive('max-steps', values['max-steps']),
    ...(values.programs === undefined ? {} : { maxPrograms: positive('programs', values.programs) }),
    onFinding: ({ code }) => console.log(`\n${code}`),
    onProgress: ({ tally, findings }: SoakReport) => {
      if (performance.now() < nextProgress) return;
      nextProgress = performance.now() + 60_000;
      const minutes = Math.round((performance.now() - start) / 60_000);
      console.log(`${minutes} min: ${tally.programs} programs, ${findings.length} findings`);
    },
  });
  console.log(describeReport(report, missing, (performance.now() - start) / 1000));
  for (const target of targets) target.close();
  process.exitCode = report.findings.length > 0 ? 1 : 0;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`--${option} must be a positive number, got ${text}`);
  return value;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new RangeError(`--${option} must be a whole number, got ${text}`);
  return value;
}
