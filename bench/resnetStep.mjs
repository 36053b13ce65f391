/**
 * @file One training step of the ResNet-20 with soft pooling, batch 128: forward, loss, backward, update.
 *
 * Run by itself it prints the median time and the peak resident memory as JSON: `node bench/resnetStep.mjs THREADS STEPS`.
 */
import { pathToFileURL } from 'node:url';
import { backendInfo, crossEntropy, Generator, randn, scope, setBackend } from 'softgrad';
import { models } from 'softgrad/nn';
import { SGD } from 'softgrad/optim';

/** A model with its optimizer and one batch; the function does a step and returns the loss. */
export function resnetStep(batch = 128) {
  const generator = new Generator(1);
  const model = models.resnet20({ pool: 'soft', generator });
  const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 5e-4 });
  const x = randn([batch, 3, 32, 32], { generator });
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  return () => {
    const loss = scope(() => {
      const cost = crossEntropy(model.forward(x), labels);
      cost.backward();
      return cost.detach();
    });
    optimizer.step();
    optimizer.zeroGrad();
    const value = loss.dataSync()[0];
    loss.dispose();
    return value;
  };
}

/** Milliseconds of each of `steps` steps, after two that aren't timed. */
export function timeSteps(step, steps) {
  step();
  step();
  return Array.from({ length: steps }, () => {
    const start = performance.now();
    step();
    return performance.now() - start;
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [threads = 2, steps = 10] = process.argv.slice(2).map(Number);
  await setBackend('wasm', { threads });
  const times = timeSteps(resnetStep(), steps);
  const residentBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ times, residentBytes, backend: backendInfo().description }));
}
