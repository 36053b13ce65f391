/**
 * @file Layers of all pooling strategies, as functions of their input and of what they learn.
 */
import fc from 'fast-check';
import { Generator, Parameter, type Shape, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';
import { arbitraries } from '../../src/testing/index.js';

/** The strategies that come with the library; tests register others. */
export const builtIn: readonly string[] = nn.poolNames();

/** Average pooling has no dilation; the dense maxima of the other two may see nothing but padding with it. */
const undilated: readonly string[] = ['avg', 's3', 'blur'];

/** Windows that a strategy takes, of one to three axes; some tile the input, some overlap. */
export function windowsOf(name: string, maxExtra = 2): fc.Arbitrary<PoolingWindow> {
  const constraints = { maxExtra, ...(undilated.includes(name) ? { maxDilation: 1 } : {}) };
  return fc.oneof(
    arbitraries.poolingWindow1d(constraints),
    arbitraries.poolingWindow2d(constraints),
    arbitraries.poolingWindow3d({ ...constraints, maxExtra: 1, maxKernel: 2 }),
    tilings(2),
    tilings(3),
  );
}

/** Windows as most networks have them: stride = kernel, sometimes padded or cut off at the end. */
function tilings(kernel: number): fc.Arbitrary<PoolingWindow> {
  return fc
    .record({
      rank: fc.integer({ min: 1, max: 2 }),
      extra: fc.nat({ max: 2 }),
      padding: fc.constantFrom(0, 0, 1),
      ceilMode: fc.boolean(),
    })
    .map(({ rank, extra, padding, ceilMode }) => {
      const axes = (value: number): number[] => new Array<number>(rank).fill(value);
      const shape = [1, 2, ...axes(2 * kernel + extra)];
      const [kernelSize, one] = [axes(kernel), axes(1)];
      return { shape, kernelSize, stride: kernelSize, padding: axes(padding), dilation: one, ceilMode };
    });
}

/** A layer of a strategy that fits a window. */
export function layerFor(name: string, window: PoolingWindow, seed = 0): nn.PoolLayer {
  const { shape, ...geometry } = window;
  const rank = window.kernelSize.length as nn.Rank;
  return nn.pool(name, { ...geometry, rank, channels: shape.at(-rank - 1), generator: new Generator(seed) });
}

/** Where a parameter of a layer is kept. */
interface Slot {
  readonly owner: nn.Module;
  readonly key: string;
  readonly shape: Shape;
}

/** A layer as a function of its input and its parameters, whatever their dtype and backend. */
export interface FunctionalPool {
  readonly f: (x: Tensor, ...parameters: Tensor[]) => Tensor;
  /** What the parameters are called and where values make sense, ready for `gradcheck`. */
  readonly parameters: readonly { readonly name: string; readonly shape: Shape; low: number; high: number }[];
}

export function functional(layer: nn.PoolLayer, seed = 0): FunctionalPool {
  const slots = layer
    .modules()
    .flatMap((owner) => Object.entries(owner).flatMap(([key, value]) => slotOf(owner, key, value)));
  return {
    parameters: slots.map(({ key, shape }) => ({ name: key, shape, ...rangeOf(key) })),
    f: (x, ...parameters) => {
      slots.forEach(({ owner, key }, i) => {
        Reflect.set(owner, key, parameters[i]);
      });
      // What is drawn at random is drawn anew at every call.
      if ('generator' in layer && layer.generator instanceof Generator) layer.generator.manualSeed(seed);
      return layer.forward(x);
    },
  };
}

function slotOf(owner: nn.Module, key: string, value: unknown): Slot[] {
  return value instanceof Parameter ? [{ owner, key, shape: value.shape }] : [];
}

/** An exponent is positive; other parameters may be anything. */
function rangeOf(key: string): { low: number; high: number } {
  return key === 'p' ? { low: 0.5, high: 4 } : { low: -1, high: 1 };
}
