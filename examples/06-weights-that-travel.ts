/**
 * Takes a network's weights out under PyTorch's names, brings them into another network, and writes that one as ONNX. With paths
 * in place of bytes these are `saveCheckpoint` and `loadCheckpoint` of softgrad/train and `saveOnnx` of softgrad/io.
 *
 *   npx tsx examples/06-weights-that-travel.ts
 */
import { manualSeed, noGrad, randn } from 'softgrad';
import { exportOnnx, loadSafetensors, type SafetensorsInput, serializeSafetensors } from 'softgrad/io';
import * as nn from 'softgrad/nn';

manualSeed(1);
const source = nn.models.resnet20({ pool: 'soft' }).eval();

const entries: Record<string, SafetensorsInput> = {};
for (const [name, tensor] of Object.entries(source.stateDict())) {
  entries[name] = { shape: tensor.shape, data: await tensor.data() };
}
const file = serializeSafetensors(entries);
console.log(`safetensors: ${Object.keys(entries).length} tensors, ${file.length} bytes, among them`);
for (const name of ['conv1.weight', 'layer2.0.shortcut.1.running_mean', 'linear.bias']) {
  console.log(`  ${name} [${entries[name]?.shape}]`);
}

// Other weights to begin with; after loading, the same bits.
const copy = nn.models.resnet20({ pool: 'soft' }).eval();
copy.loadStateDict(await loadSafetensors(file));
const image = randn([1, 3, 32, 32]);
const [expected, actual] = noGrad(() => [source.forward(image), copy.forward(image)]);
const [logits, others] = [await expected.data(), await actual.data()];
console.log(`the copy computes the same: ${logits.every((value, i) => value === others[i])}`);

const onnx = await exportOnnx(copy, [1, 3, 32, 32], { metadata: { pooling: 'SoftPool' } });
console.log(`ONNX: ${onnx.length} bytes, input [batch, 3, 32, 32], output [batch, 10]`);
