/**
 * @file One training step of the ResNet-8 with soft pooling in mode webgpu: forward, loss, backward, update; nothing is awaited.
 *
 * Run by itself it prints, as JSON, how many microseconds an operation and a dispatch of a step keep the calling thread:
 * `node bench/gpuStep.mjs STEPS`. Debian's package chromium has a driver for machines without a GPU:
 * `VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { backendInfo, crossEntropy, exp, Generator, randn, scope, setBackend } from 'softgrad';
import { models } from 'softgrad/nn';
import { SGD } from 'softgrad/optim';

const OPERATIONS = 300;

/** A model with its optimizer and one batch; `train` does a step and returns the loss, `counters` are those of the device. */
export function gpuStep(batch = 4, side = 8) {
  const generator = new Generator(1);
  const model = models.resnet8({ pool: 'soft', generator });
  const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const x = randn([batch, 3, side, side], { generator });
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  const train = () => {
    const loss = scope(() => {
      const cost = crossEntropy(model.forward(x), labels);
      cost.backward();
      return cost.detach();
    });
    optimizer.step();
    optimizer.zeroGrad();
    return loss;
  };
  return { train, counters: x.kernels.runtime.counters };
}

const schedule = `/proc/self/task/${process.pid}/schedstat`;
const tellsThreads = existsSync(schedule);

/** Microseconds that the calling thread has computed, on Linux; elsewhere the time of day, which software for a GPU uses up, too. */
export function threadMicroseconds() {
  return tellsThreads ? Number(readFileSync(schedule, 'utf8').split(' ')[0]) / 1000 : performance.now() * 1000;
}

/** Microseconds per operation on 64 cells. */
function timeOperations(x) {
  const start = threadMicroseconds();
  for (let i = 0; i < OPERATIONS; i++) exp(x).dispose();
  return (threadMicroseconds() - start) / OPERATIONS;
}

async function timeSteps(steps) {
  const { train, counters } = gpuStep();
  const x = randn([64]);
  const [perOperation, perDispatch] = [[], []];
  for (let step = 0; step < steps + 2; step++) {
    const { dispatches } = counters;
    const start = threadMicroseconds();
    const loss = train();
    const microseconds = threadMicroseconds() - start;
    await loss.item();
    loss.dispose();
    const operation = timeOperations(x);
    await x.data();
    // Kernels are compiled in the first steps.
    if (step < 2) continue;
    perDispatch.push(microseconds / (counters.dispatches - OPERATIONS - dispatches));
    perOperation.push(operation);
  }
  return { perOperation, perDispatch };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [steps = 30] = process.argv.slice(2).map(Number);
  try {
    await setBackend('gpu', { mode: 'webgpu' });
    console.log(JSON.stringify({ device: backendInfo().description, ...(await timeSteps(steps)) }));
  } catch (error) {
    console.log(JSON.stringify({ reason: error.message }));
  }
  process.exit(0);
}
