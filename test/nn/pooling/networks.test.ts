import { describe, expect, test } from 'vitest';
import { crossEntropy, Generator, randn, scope, type Tensor } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { SGD } from '../../../src/optim/index.js';
import { valuesOf } from '../../support/float64.js';
import { builtIn } from '../../support/poolLayers.js';

const images = randn([12, 3, 12, 12], { generator: new Generator(8) });
const labels = Array.from({ length: 12 }, (_, i) => i % 3);

const models = {
  resnet8: (pool: string) => nn.models.resnet8({ pool, numClasses: 3, generator: new Generator(2) }),
  smallCnn: (pool: string) =>
    nn.models.smallCnn({ pool, numClasses: 3, widths: [4, 6, 8], generator: new Generator(2) }),
};

/** Names and shapes of all outputs in a model. */
function shapesIn(model: nn.Module, x: Tensor): string[] {
  const shapes: string[] = [];
  scope(() => {
    nn.observeForward(
      model,
      ({ name, module, output }) => {
        if (!(module instanceof nn.GatedLogits)) shapes.push(`${name}: ${output.shape}`);
      },
      () => model.forward(x),
    );
  });
  return shapes;
}

describe.each(builtIn)('%s', (name) => {
  test.each(['resnet8', 'smallCnn'] as const)('takes the place of the pools of %s, geometry kept', (model) => {
    const original = models[model]('max').eval();
    const shapes = shapesIn(original, images);
    const replaced = nn.replacePooling(original, name, { generator: new Generator(3), sample: images });
    expect(shapesIn(replaced, images)).toEqual(shapes);
    const [pools, ofPools] = [replaced, models[model](name)].map((m) =>
      m.modules().filter((p) => p instanceof nn.PoolLayer),
    );
    expect(pools!.map((pool) => pool.constructor)).toEqual(ofPools!.map((pool) => pool.constructor));
    expect(Object.keys(replaced.stateDict())).toEqual(Object.keys(models[model](name).stateDict()));
    expect(valuesOf(replaced.forward(images)).every(Number.isFinite)).toBe(true);
  });

  test('lowers the loss in 12 steps, and all that it learns changes', () => {
    const model = models.smallCnn(name);
    const learned = model.namedParameters().filter(([path]) => path.startsWith('pool'));
    const before = learned.map(([, parameter]) => valuesOf(parameter));
    const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
    const step = (): number => {
      const loss = scope(() => {
        const cost = crossEntropy(model.forward(images), labels);
        cost.backward();
        return cost.detach();
      });
      optimizer.step();
      optimizer.zeroGrad();
      return valuesOf(loss)[0]!;
    };
    const losses = Array.from({ length: 12 }, step);
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
    learned.forEach(([path, parameter], i) => {
      expect(valuesOf(parameter), path).not.toEqual(before[i]);
    });
  });
});

test('a strategy that learns per channel says so where the channels are unknown', () => {
  const needing = builtIn.filter((name) => nn.poolStrategy(name).needsChannels);
  expect(needing).toEqual(['soft-learned', 'dpp', 'lip', 'ada', 'conv']);
  for (const name of needing) expect(() => nn.pool(name, { kernelSize: 2 })).toThrow('pass { channels }');
  expect(() => new nn.ConvPool(2, { kernelSize: 2 })).toThrow('ConvPool2d: learns something per channel');
});

test('all strategies tell formula and paper; those with parameters, and only they, what they learn', () => {
  for (const { name, formula, source, learns } of nn.poolStrategies().filter(({ name }) => builtIn.includes(name))) {
    expect(formula, name).toMatch(/^y/);
    expect(source, name).toMatch(/ (19|20)\d\d$/);
    expect(learns !== undefined, name).toBe(nn.pool(name, { kernelSize: 2, channels: 2 }).parameters().length > 0);
  }
});

test('what needs the dense maximum refuses windows that see padding alone between two that do not', () => {
  const x = randn([1, 1, 1]);
  for (const [name, label] of [
    ['s3', 'S3Pool1d'],
    ['blur', 'BlurPool1d'],
  ] as const) {
    const layer = nn.pool(name, { rank: 1, kernelSize: 3, stride: 2, padding: 1, dilation: 2, ceilMode: true });
    expect(() => layer.forward(randn([1, 1, 3]))).not.toThrow();
    const dilated = nn.pool(name, { rank: 1, kernelSize: 2, stride: 2, padding: 1, dilation: 2 });
    expect(() => dilated.forward(x)).toThrow(`${label}: window`);
  }
});

test('max, blur and s3 agree on windows with a dilation', () => {
  const x = randn([1, 1, 9]);
  const window = { rank: 1, kernelSize: 2, stride: 1, dilation: 3 } as const;
  const expected = valuesOf(nn.pool('max', window).forward(x));
  for (const name of ['blur', 's3']) expect(valuesOf(nn.pool(name, window).forward(x))).toEqual(expected);
});
