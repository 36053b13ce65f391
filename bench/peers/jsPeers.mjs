/**
 * @file The JavaScript libraries' side of `npm run bench:peers`, with ours in turns in the same process, one thread each.
 *
 * Prints one line of JSON: for each comparison the milliseconds of every round, or the reason why a library can't run.
 */
import { conv2d, gradients, matmul, noGrad, randn, scope, setBackend } from 'softgrad';

const ROUNDS = 7;
const SAMPLE_MS = 20;
const GEMM_SIZE = 512;
const BATCH = 8;
const CHANNELS = 16;
const SIZE = 32;

async function timeOf(run, repeats) {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) await run();
  return (performance.now() - start) / repeats;
}

/** Runs ours and theirs in turns. */
async function compare(ours, theirs) {
  const tasks = [];
  for (const run of [ours, theirs]) {
    await timeOf(run, 2);
    const repeats = Math.max(1, Math.round(SAMPLE_MS / (await timeOf(run, 1))));
    tasks.push({ run, repeats, times: [] });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { run, repeats, times } of tasks) times.push(await timeOf(run, repeats));
  }
  return { ours: tasks[0].times, theirs: tasks[1].times };
}

function ourGemm() {
  const [a, b] = [randn([GEMM_SIZE, GEMM_SIZE]), randn([GEMM_SIZE, GEMM_SIZE])];
  return () => scope(() => void matmul(a, b));
}

function ourConv() {
  const x = randn([BATCH, CHANNELS, SIZE, SIZE], { requiresGrad: true });
  const weight = randn([CHANNELS, CHANNELS, 3, 3], { requiresGrad: true });
  const gradient = randn(x.shape);
  const y = conv2d(x, weight, { padding: 1 });
  return {
    forward: () => noGrad(() => scope(() => void conv2d(x, weight, { padding: 1 }))),
    backward: () => scope(() => void gradients(y, [x, weight], { gradient, retainGraph: true })),
  };
}

async function jaxGemm() {
  const { numpy, init, defaultDevice } = await import('@jax-js/jax');
  await init('wasm');
  defaultDevice('wasm');
  const matrix = () =>
    numpy.array(Float32Array.from({ length: GEMM_SIZE ** 2 }, Math.random)).reshape([GEMM_SIZE, GEMM_SIZE]);
  const [a, b] = [matrix(), matrix()];
  return compare(ourGemm(), async () => {
    const product = numpy.matmul(a.ref, b.ref);
    await product.blockUntilReady();
    product.dispose();
  });
}

async function tensorflow(backend) {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-cpu');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname);
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`);
  const x = tf.randomNormal([BATCH, SIZE, SIZE, CHANNELS]);
  const weight = tf.randomNormal([3, 3, CHANNELS, CHANNELS]);
  const conv = (input, filter) => tf.conv2d(input, filter, 1, 'same');
  const dy = tf.randomNormal(x.shape);
  const rest = { strides: 1, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: undefined };
  // Straight to the kernels: the gradients that call them are registered in modules that Node can't load.
  const gradients = () => [
    tf.engine().runKernel('Conv2DBackpropInput', { dy, filter: weight }, { ...rest, inputShape: x.shape }),
    tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...rest, filterShape: weight.shape }),
  ];
  return {
    forward: () => tf.tidy(() => void conv(x, weight).dataSync()),
    backward: () => tf.tidy(() => gradients().forEach((one) => void one.dataSync())),
  };
}

/** One image at a time: the library has no batches. */
async function convnet() {
  const { default: library } = await import('convnetjs');
  const shape = { sx: 3, filters: CHANNELS, in_sx: SIZE, in_sy: SIZE, in_depth: CHANNELS, stride: 1, pad: 1 };
  const layer = new library.ConvLayer(shape);
  const images = Array.from({ length: BATCH }, () => new library.Vol(SIZE, SIZE, CHANNELS));
  const forward = () => {
    for (const image of images) layer.forward(image, true);
  };
  const both = () => {
    for (const image of images) backwardOf(layer, image);
  };
  return { forward, both };
}

function backwardOf(layer, image) {
  const y = layer.forward(image, true);
  y.dw.fill(1);
  layer.backward();
}

async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

await setBackend('wasm', { threads: 1 });
const ours = ourConv();
const oursBoth = () => {
  ours.forward();
  ours.backward();
};
const results = {
  'GEMM 512³ / jax-js wasm': await attempt(jaxGemm),
  'conv forward / TensorFlow.js wasm': await attempt(async () =>
    compare(ours.forward, (await tensorflow('wasm')).forward),
  ),
  'conv backward / TensorFlow.js wasm': await attempt(async () =>
    compare(ours.backward, (await tensorflow('wasm')).backward),
  ),
  'conv forward / TensorFlow.js cpu': await attempt(async () =>
    compare(ours.forward, (await tensorflow('cpu')).forward),
  ),
  'conv backward / TensorFlow.js cpu': await attempt(async () =>
    compare(ours.backward, (await tensorflow('cpu')).backward),
  ),
  'conv forward / ConvNetJS': await attempt(async () => compare(ours.forward, (await convnet()).forward)),
  'conv forward + backward / ConvNetJS': await attempt(async () => compare(oursBoth, (await convnet()).both)),
};
console.log(JSON.stringify(results));
