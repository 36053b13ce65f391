/**
 * @file One network of the race. Weights and batches of a seed are the same for every pooling.
 */
import { crossEntropy, Generator, noGrad, Parameter, scope, tensor } from 'softgrad';
import { type Batch, DataLoader, type Dataset, shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { cosine, type Optimizer, type Schedule, SGD } from 'softgrad/optim';
import { evaluate, trainStep } from 'softgrad/train';
import { type Inside, type LaneName, RACE_STEPS } from './protocol.js';

/** Pictures of ten outlines, 24 × 24. */
export interface RaceData {
  readonly train: Dataset;
  readonly test: Dataset;
}

const SIZE = 24;
const LEARNING_RATE = 0.15;
const WARMUP = 10;

export function raceData(): RaceData {
  return {
    train: shapes({ split: 'train', size: SIZE, count: 1600 }),
    test: shapes({ split: 'test', size: SIZE, count: 200 }),
  };
}

export class Lane {
  readonly name: LaneName;
  readonly #model: nn.models.SmallCnn;
  readonly #optimizer: Optimizer;
  readonly #schedule: Schedule;
  readonly #batches: Iterator<Batch, never>;
  readonly #test: DataLoader;
  #step = 0;

  constructor(name: LaneName, batchSize: number, { train, test }: RaceData) {
    const streams = new Generator(name.seed);
    this.name = name;
    this.#model = nn.models.smallCnn({
      ...{ pool: name.pool, numClasses: train.classes.length, inChannels: 3, widths: [8, 16, 32] },
      generator: streams.fork('weights'),
    });
    this.#optimizer = new SGD(this.#model.parameters(), { lr: LEARNING_RATE, momentum: 0.9, nesterov: true });
    this.#schedule = cosine({ lr: LEARNING_RATE, steps: RACE_STEPS, warmup: WARMUP, finalLr: LEARNING_RATE / 50 });
    const loader = new DataLoader(train, {
      ...{ batchSize, shuffle: true, dropLast: true },
      generator: streams.fork('batches'),
    });
    this.#batches = endless(loader);
    this.#test = new DataLoader(test, { batchSize: 100 });
  }

  get parameters(): number {
    return nn.countParameters(this.#model);
  }

  /** Trains on the next batch; returns its loss. */
  async step(): Promise<number> {
    const { x, labels } = this.#batches.next().value;
    const step = this.#step++;
    this.#optimizer.lr = this.#schedule(step);
    this.#model.train();
    const { loss } = await trainStep(this.#model, x, labels, {
      ...{ optimizer: this.#optimizer, loss: crossEntropy, step, epoch: 0 },
    });
    return loss;
  }

  /** Share of the test pictures that are recognised. */
  async test(): Promise<number> {
    return (await evaluate(this.#model, this.#test)).accuracy;
  }

  /** The mean of the first pooling's learned temperatures, if it has any. */
  async beta(): Promise<number | null> {
    const layer = this.#model.pool1;
    if (!(layer instanceof nn.SoftPool && layer.beta instanceof Parameter)) return null;
    const values = [...(await layer.beta.data())];
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /** The first filters, and what they and the first pooling make of one test picture. */
  async inside(): Promise<Inside> {
    const model = this.#model.eval();
    const { images, shape, normalization } = this.#test.dataset;
    const [channels = 3, height = SIZE, width = SIZE] = shape;
    const size = channels * height * width;
    const probe = Float32Array.from(images.subarray(0, size), (byte, i) => {
      const channel = Math.floor(i / (height * width));
      return (byte / 255 - (normalization?.mean[channel] ?? 0)) / (normalization?.std[channel] ?? 1);
    });
    const maps = scope(() =>
      noGrad(() => {
        const x = tensor(probe, { shape: [1, ...shape] });
        return model.pool1.forward(model.bn1.forward(model.conv1.forward(x)));
      }),
    );
    const [, count = 0, side = 0] = maps.shape;
    const values = Float32Array.from(await maps.data());
    maps.dispose();
    const filters = Float32Array.from(await model.conv1.weight.data());
    return { pool: this.name.pool, filters, maps: values, count, side };
  }
}

/** Batches of one epoch after the other. */
function* endless(loader: DataLoader): IterableIterator<Batch, never> {
  for (;;) yield* loader;
}
