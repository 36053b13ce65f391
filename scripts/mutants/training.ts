/** @file Optimisers, schedules, data, random numbers, checkpoints and files. */
import { type Mutant, named } from './mutant.js';

const pytorch = (optimizer: string) =>
  named('test/optim/pytorch.test.ts', 'the optimisers', `follow PyTorch: 20 steps of '${optimizer}' on a quadratic`);
const resumed = (optimizer: string, steps: string) =>
  named(
    'test/train/resume.test.ts',
    'a training that is interrupted and resumed equals the uninterrupted one to the bit',
    `${optimizer}, after steps ${steps} of 10`,
  );

export const optimizers: readonly Mutant[] = [
  {
    defect: 'weight decay of SGD passes by the momentum',
    file: 'src/kernels/reference/optimizer.ts',
    text: 'const decayed = at(grad.values, i) + weightDecay * value;',
    replacement: 'const decayed = at(grad.values, i) + (next ? 0 : weightDecay * value);',
    because: 'decoupled decay, as in AdamW',
    test: pytorch('sgdMomentum'),
  },
  {
    defect: 'weight decay of AdamW goes through the moments',
    file: 'src/kernels/reference/optimizer.ts',
    text: 'at(grad.values, i) + (decoupled ? 0 : weightDecay * value);',
    replacement: 'at(grad.values, i) + weightDecay * value;',
    because: 'coupled decay, as in Adam',
    test: pytorch('adamW'),
  },
  {
    defect: 'Nesterov looks ahead by the old velocity',
    file: 'src/kernels/reference/optimizer.ts',
    text: 'step = nesterov ? decayed + momentum * v : v;',
    replacement: 'step = nesterov ? decayed + momentum * (velocity ? at(velocity.values, i) : 0) : v;',
    because: 'a paper’s formula in the order of another one',
    test: pytorch('sgdNesterov'),
  },
  {
    defect: 'Adam does not correct the bias of its second moment',
    file: 'src/kernels/reference/optimizer.ts',
    text: '(Math.sqrt(v) / Math.sqrt(correction2) + eps)',
    replacement: '(Math.sqrt(v) + eps)',
    because: 'after many steps it makes no difference',
    test: pytorch('adam'),
  },
  {
    defect: 'gradients are clipped one by one',
    file: 'src/optim/clipGrad.ts',
    text: 'const norm = sqrt(squares.reduce((total, square) => add(total, square)));',
    replacement: 'const norm = sqrt(squares[0]!);',
    because: 'one parameter does not show it',
    test: named(
      'test/optim/optimizer.test.ts',
      'gradient clipping',
      'clipGradNorm scales all gradients to the common length, and returns the length before',
    ),
  },
  {
    defect: 'the cosine schedule is one step ahead',
    file: 'src/optim/schedules.ts',
    text: 'return between(lr, finalLr, (step - warmup) / (steps - warmup));',
    replacement: 'return between(lr, finalLr, (step + 1 - warmup) / (steps - warmup));',
    because: 'whether steps count from 0 or 1',
    test: named('test/optim/schedules.test.ts', 'schedules', 'cosine falls on half a cosine'),
  },
  {
    defect: 'training asks the schedule for the step after the one at hand',
    file: 'src/train/fit.ts',
    text: 'options.optimizer.lr = options.schedule(step);',
    replacement: 'options.optimizer.lr = options.schedule(step + 1);',
    because: 'whether steps count from 0 or 1',
    test: named('test/train/train.test.ts', 'fit', 'learns a small problem to high accuracy'),
  },
];

export const checkpoints: readonly Mutant[] = [
  {
    defect: 'resuming leaves the generators where they are',
    file: 'src/train/restoreTraining.ts',
    text: 'setGenerators(generators, new Map(Object.entries(record.generators)));',
    replacement: '',
    because: 'models without dropout do not show it',
    test: resumed('sgd', '[4]'),
  },
  {
    defect: 'resuming forgets the optimiser’s moments',
    file: 'src/optim/optimizer.ts',
    text: 'this.#state.set(parameter, parameterState);',
    replacement: 'void parameterState;',
    because: 'the weights are right, and training goes on',
    test: resumed('adam', '[3,7]'),
  },
  {
    defect: 'resuming begins the epoch again',
    file: 'src/train/fit.ts',
    text: 'options.train.batches(progress.epoch, { from: progress.batch })',
    replacement: 'options.train.batches(progress.epoch)',
    because: 'checkpoints at the end of an epoch do not show it',
    test: resumed('sgd', '[4]'),
  },
  {
    defect: 'the second of a pair of normal values is not part of a generator’s state',
    file: 'src/tensor/generator.ts',
    text: 'this.#spareNormal = state.spareNormal;',
    replacement: 'this.#spareNormal = null;',
    because: 'the four words are “the” state',
    test: named('test/tensor/generator.test.ts', 'state', 'continues the stream through JSON, spare normal included'),
  },
  {
    defect: 'a checkpoint’s digest is not compared',
    file: 'src/train/checkpointFile.ts',
    text: 'return (await digestOf(blank)) === digest;',
    replacement: 'return (await digestOf(blank)) !== undefined;',
    because: 'whole files do not show it',
    test: named(
      'test/train/trainingCheckpoint.test.ts',
      'a file that is not a good checkpoint is refused, and says what to do',
      'one bit flipped',
    ),
  },
  {
    defect: 'a checkpoint is written in place',
    file: 'src/io/writeFileAtomically.ts',
    text: "const temporary = `${path}.${crypto.randomUUID()}.tmp`;\n  try {\n    const file = await files.open(temporary, 'wx');",
    replacement: "const temporary = path;\n  try {\n    const file = await files.open(temporary, 'w');",
    because: 'it is what writeFile does',
    test: named(
      'test/train/unwritable.test.ts',
      'a full disk: the reason is told, and the last checkpoint can be resumed from',
    ),
  },
  {
    defect: 'a checkpoint is made of weights that are not finite',
    file: 'src/train/checkpoints.ts',
    text: 'if (spoilt) throw afterUpdate(progress, spoilt);',
    replacement: '',
    because: 'the next loss tells, a step later',
    test: named(
      'test/train/resume.test.ts',
      'a checkpoint while training',
      'is never made of weights that are not finite',
    ),
  },
  {
    defect: 'evaluation leaves dropout on',
    file: 'src/train/evaluate.ts',
    text: '  model.eval();\n',
    replacement: '',
    because: 'the loss is plausible all the same',
    test: named(
      'test/train/train.test.ts',
      'evaluate',
      'puts each module back into its mode, after an error too, and changes no statistics',
    ),
  },
];

export const data: readonly Mutant[] = [
  {
    defect: 'the order of samples does not depend on the seed',
    file: 'src/data/dataLoader.ts',
    text: 'if (seed !== undefined) return new Generator(seed);',
    replacement: 'if (seed !== undefined) return new Generator(performance.now().toString());',
    because: 'every order trains about as well',
    test: named('test/data/dataLoader.test.ts', 'an epoch', 'depends on seed and epoch only, and resumes at any batch'),
  },
  {
    defect: 'all epochs have one order',
    file: 'src/data/dataLoader.ts',
    text: 'const stream = this.#generator.fork(`epoch ${epoch}`);',
    replacement: "const stream = this.#generator.fork('epoch');",
    because: 'it is still a shuffled order',
    test: named('test/data/dataLoader.test.ts', 'an epoch', 'differs from the epoch before, in order and augmentation'),
  },
  {
    defect: 'CIFAR’s planes are taken for interleaved pixels',
    file: 'src/data/cifarRecords.ts',
    text: 'images.set(bytes.subarray(start + labelBytes.length, start + recordBytes), record * IMAGE_BYTES);',
    replacement: `for (let i = 0; i < IMAGE_BYTES; i++) {
      images[record * IMAGE_BYTES + (i % 3) * 1024 + Math.floor(i / 3)] = bytes[start + labelBytes.length + i]!;
    }`,
    because: 'most image formats interleave',
    test: named('test/data/parsers.test.ts', 'parseCifar10', 'splits records into labels and planar images'),
  },
  {
    defect: 'normalisation takes the deviation of another channel',
    file: 'src/data/gatherBatch.ts',
    text: 'const std = normalization?.std[channel] ?? 1;',
    replacement: 'const std = normalization?.std[0] ?? 1;',
    because: 'the deviations of photographs are nearly equal',
    test: named(
      'test/data/dataLoader.test.ts',
      'a batch',
      "is (x − mean) / std per channel, by the data set's own figures unless told otherwise",
    ),
  },
  {
    defect: 'safetensors are read from offsets in the file, not in its data',
    file: 'src/io/parseSafetensors.ts',
    text: 'Uint8Array.prototype.slice.call(bytes, dataStart + begin, dataStart + end)',
    replacement: 'Uint8Array.prototype.slice.call(bytes, begin, end)',
    because: 'the format says offset, and begins with a header',
    test: named(
      'test/io/safetensors.test.ts',
      'round trips',
      'the result is independent of the bytes, also of a Node Buffer',
    ),
  },
  {
    defect: 'halves are rounded towards 0',
    file: 'src/io/halfPrecision.ts',
    text: 'return sign | dropBits(magnitude - 0x38000000, 13);',
    replacement: 'return sign | ((magnitude - 0x38000000) >>> 13);',
    because: 'a shift is the obvious conversion',
    test: named('test/io/safetensors.test.ts', '16-bit floats', 'F16 is within half a unit of its last place'),
  },
  {
    defect: 'pads of an ONNX pooling are listed axis by axis',
    file: 'src/io/onnx/pooling.ts',
    text: 'ints: [...axes.map(({ padding }) => padding), ...axes.map(({ overhang }) => overhang)]',
    replacement: 'ints: axes.flatMap(({ padding, overhang }) => [padding, overhang])',
    because: 'one axis, or equal pads everywhere, do not show it',
    test: named('test/io/onnx/poolings.test.ts', 'onnxruntime equals softgrad for any window of', 'maxPool2d'),
  },
];
