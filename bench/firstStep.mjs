/**
 * @file From importing the library to the end of the first training step of `smallCnn`, in a fresh process. Prints milliseconds.
 */
const start = performance.now();
const { crossEntropy, randn, scope } = await import('softgrad');
const { models } = await import('softgrad/nn');
const { SGD } = await import('softgrad/optim');

const model = models.smallCnn();
const optimizer = new SGD(model.parameters(), { lr: 0.1 });
const x = randn([32, 3, 32, 32]);
const labels = Int32Array.from({ length: 32 }, (_, i) => i % 10);
scope(() => crossEntropy(model.forward(x), labels).backward());
optimizer.step();
console.log(performance.now() - start);
