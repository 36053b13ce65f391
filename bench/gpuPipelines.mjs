/**
 * @file Whether gpu.js's compiled pipelines would pay for a training step in mode webgpu: `node bench/gpuPipelines.mjs ROUNDS`, after a
 * build. `gpuStep.mjs` tells of machines without a GPU.
 *
 * A pipeline has its buffers and commands ready, so a dispatch costs little; but it takes arrays and returns arrays, so weights
 * and velocities go to the device and come back with every step. Compared are 102 dispatches, as many as a step of resnet8 makes,
 * on 64 cells each, and the state of a resnet8 on its way there and back.
 */
import { add, randn, setBackend } from 'softgrad';
import { create, globals } from 'webgpu';
import { threadMicroseconds } from './gpuStep.mjs';

const DISPATCHES = 102;
/** Weights and velocities of resnet8 with 10 classes. */
const STATE_CELLS = 2 * 78_042;
const CELLS = 64;

const [rounds = 40] = process.argv.slice(2).map(Number);
// For both: gpu.js looks for it when it is loaded, softgrad takes it where it is.
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]) }, configurable: true });
await setBackend('gpu', { mode: 'webgpu' });
const x = randn([CELLS]);

const { GPU } = (await import('gpu.js')).default;
const gpu = new GPU({ mode: 'webgpu' });
const source = 'function (x, y) { return x[this.thread.x] + y; }';
const kernelOf = (cells) => gpu.createKernel(source, { output: [cells], precision: 'single' });
const [short, long] = [kernelOf(CELLS), kernelOf(STATE_CELLS)];
const chain = gpu.createPipeline((input, y) => {
  let result = input;
  for (let i = 0; i < DISPATCHES; i++) result = short(result, y);
  return result;
});
const roundTrip = gpu.createPipeline((input, y) => long(input, y));

function operations() {
  // Nothing is recorded, as nothing requires a gradient.
  let result = add(x, 1);
  for (let i = 1; i < DISPATCHES; i++) {
    const next = add(result, 1);
    result.dispose();
    result = next;
  }
  const values = result.data();
  result.dispose();
  return values;
}

const [cells, state] = [new Float32Array(CELLS), new Float32Array(STATE_CELLS)];
const tasks = {
  'softgrad, 102 operations': operations,
  'a pipeline of 102 dispatches': () => chain(cells, 1),
  'a pipeline of one dispatch that the state of resnet8 passes through': () => roundTrip(state, 1),
};

/** When everything was asked for: Node computes while it waits for the device, which is no work of either. */
let submitted = 0;
const { submit } = globals.GPUQueue.prototype;
globals.GPUQueue.prototype.submit = function (commands) {
  submit.call(this, commands);
  submitted = threadMicroseconds();
};

const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
for (let round = -5; round < rounds; round++) {
  for (const [name, run] of Object.entries(tasks)) {
    const [begin, beginThread] = [performance.now(), threadMicroseconds()];
    await run();
    const wall = (performance.now() - begin) * 1000;
    // Kernels are compiled, and code is optimised, in the first rounds.
    if (round >= 0) times[name].push({ thread: submitted - beginThread, wall });
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
for (const [name, measured] of Object.entries(times)) {
  const [thread, wall] = ['thread', 'wall'].map((key) => Math.round(median(measured.map((each) => each[key]))));
  console.log(`${name}: ${thread} µs until everything is asked for, ${wall} µs until the result is there`);
}
console.log(`gpu.js's executors: ${chain.executorKind}, ${roundTrip.executorKind}`);
process.exit(0);
