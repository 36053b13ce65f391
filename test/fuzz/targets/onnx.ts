/**
 * @file What `exportOnnx` is handed: names, metadata and examples.
 */
import fc from 'fast-check';
import { ArgumentError, ShapeError } from '../../../src/errors.js';
import { Generator, type Tensor } from '../../../src/index.js';
import { exportOnnx } from '../../../src/io/index.js';
import * as nn from '../../../src/nn/index.js';
import { readOnnx } from '../../support/readOnnx.js';
import { complaintAbout } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { HOSTILE_INTEGERS, hostileText } from '../hostileValues.js';

/** A network whose layer has a name that somebody chose. */
class Named extends nn.Module {
  readonly #layer = new nn.Linear(2, 3, { generator: new Generator(1) });

  constructor(name: string) {
    super();
    Object.defineProperty(this, name, { value: this.#layer, enumerable: true, configurable: true, writable: true });
  }

  override forward(x: Tensor): Tensor {
    return this.#layer.forward(x);
  }
}

interface Export {
  readonly layer: string;
  readonly input: string;
  readonly output: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly shape: readonly number[];
  readonly dynamicBatch: boolean;
}

const size = fc.oneof(
  { arbitrary: fc.nat(3), weight: 2 },
  // Small or beyond all limits: what lies between takes long.
  { arbitrary: fc.constantFrom(...HOSTILE_INTEGERS.map(Number).filter((value) => value > 2 ** 28)), weight: 2 },
  { arbitrary: fc.constantFrom(-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY), weight: 1 },
);
const exports: fc.Arbitrary<Export> = fc.record({
  layer: fc.oneof(fc.constant('layer'), hostileText),
  input: fc.oneof(fc.constant('input'), hostileText),
  output: fc.oneof(fc.constant('output'), hostileText),
  metadata: fc
    .array(fc.tuple(hostileText, hostileText), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries)),
  shape: fc.oneof(
    { arbitrary: fc.constant([1, 2]), weight: 9 },
    { arbitrary: fc.array(size, { maxLength: 6 }), weight: 1 },
  ),
  dynamicBatch: fc.boolean(),
});

export const onnxNames = fuzzTarget<Export>({
  ...{ name: 'onnx', cases: 20_000, inputs: exports },
  read: async ({ layer, input, output, metadata, shape, dynamicBatch }) => {
    const model = new Named(layer);
    try {
      const bytes = await exportOnnx(model, shape, { inputName: input, outputName: output, metadata, dynamicBatch });
      const read = readOnnx(bytes);
      const entries = JSON.stringify(Object.entries(metadata).sort());
      demand(JSON.stringify(Object.entries(read.metadata).sort()) === entries, 'the metadata are others');
      const inputs = new Set(read.nodes.flatMap((node) => node.inputs));
      demand(inputs.has(input), `no node reads the input '${input}'`);
      demand(
        read.nodes.some((node) => node.output === output),
        `no node makes the output '${output}'`,
      );
      const names = [...read.initializers.keys(), ...read.nodes.map((node) => node.output), input];
      demand(new Set(names).size === names.length, `names are given twice: ${names}`);
    } finally {
      model.dispose();
    }
  },
  complaint: (error) => complaintAbout(error, { classes: [ArgumentError, ShapeError] }),
  bytes: (input) => new TextEncoder().encode(JSON.stringify(input)),
});
