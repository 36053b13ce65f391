import { describe, expect, test } from 'vitest';
import { DataLoader } from '../../src/data/dataLoader.js';
import * as nn from '../../src/nn/index.js';
import { add, flatten, mul, relu, sqrt, sum } from '../../src/ops/index.js';
import { SGD } from '../../src/optim/index.js';
import { Generator } from '../../src/tensor/generator.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { fit, NonFiniteError, type StepEvent } from '../../src/train/index.js';
import { stripes } from '../support/resumableTraining.js';

const loader = (length = 96, seed = 1) => new DataLoader(stripes(length, seed), { batchSize: 16, shuffle: true, seed });
const small = () =>
  nn.models.smallCnn({ numClasses: 3, inChannels: 1, widths: [4, 8, 8], generator: new Generator(2) });

/** Passes values on until it is told to spoil them. */
class Spoiler extends nn.Module {
  factor = 1;

  override forward(x: Tensor): Tensor {
    return mul(x, this.factor);
  }
}

describe('a loss that is not finite', () => {
  class Spoiled extends nn.Module {
    readonly first = small();
    readonly spoiler = new Spoiler();
    readonly last = new nn.Linear(3, 3);

    override forward(x: Tensor): Tensor {
      return this.last.forward(this.spoiler.forward(this.first.forward(x)));
    }
  }

  test('stops with an error that names step, epoch and layer, and leaves the weights as they were', async () => {
    const model = new Spoiled();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    let weights = await model.last.weight.data();
    const onStep = async ({ step }: StepEvent) => {
      weights = await model.last.weight.data();
      if (step === 7) model.spoiler.factor = Number.NaN;
    };
    const run = fit(model, { train: loader(), optimizer, epochs: 3, callbacks: { onStep } });
    await expect(run).rejects.toThrow(
      "fit: the loss is NaN at step 8 (epoch 1); the first value that isn't finite is in the output of spoiler (Spoiler)",
    );
    await expect(run).rejects.toBeInstanceOf(NonFiniteError);
    await expect(run).rejects.toMatchObject({ what: 'loss', step: 8, epoch: 1 });
    expect(await model.last.weight.data()).toEqual(weights);
  });

  test('names a parameter that was spoilt before', async () => {
    const model = new Spoiled();
    model.first.conv2.weight.assign(mul(model.first.conv2.weight.detach(), Number.NaN));
    const run = fit(model, { train: loader(), optimizer: new SGD(model.parameters(), { lr: 0.1 }), epochs: 1 });
    await expect(run).rejects.toThrow('the parameter first.conv2.weight');
  });

  /** Has the values of its input, and an infinite gradient where they are 0. */
  class Cliff extends nn.Module {
    override forward(x: Tensor): Tensor {
      return add(x, sqrt(mul(relu(x), 0)));
    }
  }

  class Stack extends nn.Module {
    readonly first = new nn.Linear(4, 3);
    readonly cliff = new Cliff();
    readonly second = new nn.Linear(3, 3);

    override forward(x: Tensor): Tensor {
      return this.second.forward(this.cliff.forward(this.first.forward(flatten(x))));
    }
  }

  const dots = (): DataLoader => {
    const images = new Generator(1).fillNormal(new Float32Array(12 * 4));
    const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);
    const data = { name: 'dots', images, labels, shape: [1, 2, 2], classes: ['a', 'b', 'c'], length: 12 } as const;
    return new DataLoader(data, { batchSize: 4 });
  };

  test('by its gradient names the layer from which on, on the way back, it is not finite', async () => {
    const model = new Stack();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    const run = fit(model, { train: dots(), optimizer, epochs: 1, clipNorm: 1 });
    await expect(run).rejects.toThrow(
      "fit: the gradient norm is NaN at step 0 (epoch 0); the first value that isn't finite is in the gradient of the " +
        'output of first (Linear); try',
    );
    expect((await model.first.weight.data()).every(Number.isFinite)).toBe(true);
  });

  test('after an update that nobody looked at: the layer nearest to the loss that it spoilt', async () => {
    const model = new Stack();
    const run = fit(model, { train: dots(), optimizer: new SGD(model.parameters(), { lr: 0.1 }), epochs: 1 });
    await expect(run).rejects.toThrow('the loss is NaN at step 1 (epoch 0)');
    await expect(run).rejects.toThrow('is in the parameter first.bias');
  });

  test('names the input, and the loss function itself', async () => {
    const data = stripes(32, 1);
    data.images[7] = Number.NaN;
    const model = small();
    const optimizer = new SGD(model.parameters(), { lr: 0.1 });
    await expect(fit(model, { train: new DataLoader(data, { batchSize: 32 }), optimizer, epochs: 1 })).rejects.toThrow(
      'the input batch',
    );
    const loss = (logits: Tensor) => mul(sum(logits), Number.POSITIVE_INFINITY);
    await expect(fit(model, { train: loader(), optimizer, epochs: 1, loss })).rejects.toThrow('the loss itself');
  });
});
