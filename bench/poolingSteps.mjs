/**
 * @file One training step of the ResNet-8, batch 128, with each pooling strategy: forward, loss, backward, update.
 *
 * Strategies take turns, so that all meet the same disturbances. Prints the median times, and their ratios to max pooling's:
 * `node bench/poolingSteps.mjs STEPS`.
 */
import { backendInfo, crossEntropy, Generator, randn, scope, setBackend } from 'softgrad';
import { models, poolNames } from 'softgrad/nn';
import { SGD } from 'softgrad/optim';

const BATCH = 128;
const [steps = 15] = process.argv.slice(2).map(Number);
await setBackend('wasm', { threads: 2 });
const x = randn([BATCH, 3, 32, 32], { generator: new Generator(1) });
const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);

function trainingStep(pool) {
  const model = models.resnet8({ pool, generator: new Generator(1) });
  const optimizer = new SGD(model.parameters(), { lr: 0.01 });
  return () => {
    const start = performance.now();
    scope(() => crossEntropy(model.forward(x), labels).backward());
    optimizer.step();
    optimizer.zeroGrad();
    return performance.now() - start;
  };
}

const rows = poolNames().map((pool) => ({ pool, step: trainingStep(pool), times: [] }));
for (const { step } of rows) for (let warmUp = 0; warmUp < 2; warmUp++) step();
for (let i = 0; i < steps; i++) for (const { step, times } of rows) times.push(step());

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
// Ratios within a turn, so that a slow minute of the machine falls on both sides.
const max = rows.find(({ pool }) => pool === 'max').times;
const ratio = (times) => median(times.map((time, i) => time / max[i]));
console.log(`resnet8, batch ${BATCH}, ${backendInfo().description}, ${steps} steps`);
for (const { pool, times } of rows) {
  console.log(`  ${pool.padEnd(14)} ${median(times).toFixed(1).padStart(7)} ms  ${ratio(times).toFixed(2)} × max`);
}
