/**
 * @file What a soak says at its end.
 */
import * as softgrad from '../../src/index.js';
import { poolNames } from '../../src/nn/index.js';
import * as ops from '../../src/ops/index.js';
import { kernelTolerances } from '../tolerances.js';
import type { Missing } from './sets.js';
import type { SoakReport } from './soak.js';

/** Functions that make operations or differentiate; the soak's programs are differentiated by the latter. */
const notOperations: readonly string[] = ['defineOp', 'defineMultiOp', 'grad', 'valueAndGrad'];

/** What programs should call: every public operation, every pooling strategy, the optimisers. */
export function expectedCalls(): string[] {
  const operations = Object.keys(ops).filter((name) => name in softgrad && !notOperations.includes(name));
  const strategies = poolNames().map((name) => `poolBy ${name}`);
  return [...operations, ...strategies, 'trainBatchNorm', 'optimize SGD', 'optimize Adam', 'optimize AdamW'];
}

/** Public operations that no program has called, and kernels of the contract that none has reached. */
export function uncovered({ calls, tally }: SoakReport): string[] {
  const kernels = Object.keys(kernelTolerances['wasm float32']).filter((name) => !tally.kernels.has(name));
  return [...expectedCalls().filter((name) => !calls.has(name)), ...kernels.map((name) => `kernel ${name}`)];
}

/** The whole report as text. */
export function describeReport(report: SoakReport, missing: readonly Missing[], seconds: number): string {
  const { tally, calls, findings } = report;
  const targets = [...tally.compared].map(([name, programs]) => {
    const cells = tally.cells.get(name);
    const details = [`${count(programs)} programs`, ...(cells === undefined ? [] : [`${count(cells)} numbers`])];
    return `  ${name.padEnd(20)} ${details.join(', ')}`;
  });
  const narrow =
    tally.spans === 0 ? '' : ` (${((100 * tally.narrow) / tally.spans).toFixed(1)} % of them known to 1 %)`;
  const open = uncovered(report);
  return [
    `${count(tally.programs)} programs in ${Math.round(seconds)} s, compared with the reference in float32${narrow}:`,
    ...targets,
    `  ${'central differences'.padEnd(20)} ${count(tally.differences)} programs`,
    ...missing.map(({ name, reason }) => `  ${name.padEnd(20)} not there: ${reason.split('\n')[0]}`),
    `calls: ${histogram(calls)}`,
    `kernels: ${histogram(tally.kernels, Object.keys(kernelTolerances['wasm float32']))}`,
    `not covered: ${open.length === 0 ? 'nothing' : open.join(', ')}`,
    `found: ${findings.length === 0 ? 'nothing' : findings.map(({ message, times }) => `${message} (${times} times)`).join('; ')}`,
  ].join('\n');
}

function histogram(counts: ReadonlyMap<string, number>, names = [...counts.keys()]): string {
  return names
    .map((name) => ({ name, times: counts.get(name) ?? 0 }))
    .sort((a, b) => b.times - a.times)
    .map(({ name, times }) => `${name} ${times}`)
    .join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
