/**
 * @file What training in mode webgpu holds after 10, 50, 100 and 200 steps, or at these shares of more, and what a step does:
 * `node --expose-gc bench/gpuResidence.mjs [BATCH SIDE STEPS]`, after a build. `gpuStep.mjs` tells of machines without a GPU.
 */
import { backendInfo, setBackend } from 'softgrad';
import { gpuStep } from './gpuStep.mjs';

const [batch = 4, side = 8, steps = 200] = process.argv.slice(2).map(Number);
await setBackend('gpu', { mode: 'webgpu' });
const { train, counters } = gpuStep(batch, side);
console.log(`resnet8, ${batch} pictures of ${side} × ${side}, ${backendInfo().description}\n`);
console.log(
  '| step | loss | dispatches per step | read back per step | buffers | MB on the device | MB of JavaScript |',
);
console.log('|---|---|---|---|---|---|---|');
for (let step = 1; step <= steps; step++) {
  const before = { ...counters };
  const loss = train();
  const value = await loss.item();
  loss.dispose();
  if (![0.05, 0.25, 0.5, 1].includes(step / steps)) continue;
  globalThis.gc?.();
  // Finalisers run in a task of their own.
  await new Promise((resolve) => setTimeout(resolve, 10));
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const perStep = [counters.dispatches - before.dispatches, counters.readbacks - before.readbacks];
  const megabytes = [counters.liveBytes, heapUsed + arrayBuffers].map((bytes) => (bytes / 1e6).toFixed(2));
  console.log(`| ${[step, value.toFixed(4), ...perStep, counters.liveBuffers, ...megabytes].join(' | ')} |`);
}
process.exit(0);
