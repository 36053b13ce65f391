/**
 * @file The three passes of a convolution as float64 loops that follow the definition, and geometries to try them on.
 */
import fc from 'fast-check';
import type { ConvGeometry } from '../../../../src/kernels/convGeometry.js';

export type Pass = 'forward' | 'inputGrad' | 'weightGrad';

export interface ConvOperands {
  readonly x: Float32Array;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly cotangent: Float32Array;
}

/** A result beside the sums of magnitudes that bound its rounding error. */
export interface Bounded {
  readonly values: Float64Array;
  readonly scale: Float64Array;
}

const volume = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Floats of x, weight and y. */
export function convLengths(g: ConvGeometry): { x: number; weight: number; y: number } {
  return {
    x: g.batch * g.inChannels * volume(g.input),
    weight: ((g.outChannels * g.inChannels) / g.groups) * volume(g.kernel),
    y: g.batch * g.outChannels * volume(g.output),
  };
}

/**
 * Computes one pass. Padding is zeros that take part, as in the kernels: 0 · ∞ is NaN.
 *
 * @param relu applies to the forward pass, as the bias does
 */
export function referencePass(pass: Pass, g: ConvGeometry, operands: ConvOperands, relu: boolean): Bounded {
  const lengths = convLengths(g);
  const length = pass === 'forward' ? lengths.y : pass === 'inputGrad' ? lengths.x : lengths.weight;
  const values = new Float64Array(length);
  const scale = new Float64Array(length);
  const add = (cell: number, term: number): void => {
    values[cell]! += term;
    scale[cell]! += Math.abs(term);
  };
  forEachProduct(g, (x, weight, y) => {
    const inside = x >= 0;
    if (pass === 'forward') add(y, operands.weight[weight]! * (inside ? operands.x[x]! : 0));
    else if (pass === 'weightGrad') add(weight, operands.cotangent[y]! * (inside ? operands.x[x]! : 0));
    else if (inside) add(x, operands.weight[weight]! * operands.cotangent[y]!);
  });
  if (pass === 'forward') {
    const outputVolume = volume(g.output);
    for (let cell = 0; cell < length; cell++) {
      add(cell, operands.bias[Math.floor(cell / outputVolume) % g.outChannels]!);
      if (relu) values[cell] = Math.max(values[cell]!, 0);
    }
  }
  return { values, scale };
}

/** Calls `visit` with the indices of every product x[…] · weight[…] that y[…] sums; x is −1 in the padding. */
function forEachProduct(g: ConvGeometry, visit: (x: number, weight: number, y: number) => void): void {
  const inPerGroup = g.inChannels / g.groups;
  const outPerGroup = g.outChannels / g.groups;
  const taps = volume(g.kernel);
  let y = 0;
  for (let n = 0; n < g.batch; n++) {
    for (let o = 0; o < g.outChannels; o++) {
      const firstChannel = n * g.inChannels + Math.floor(o / outPerGroup) * inPerGroup;
      for (const position of positions(g.output)) {
        for (let i = 0; i < inPerGroup; i++) {
          let weight = (o * inPerGroup + i) * taps;
          for (const tap of positions(g.kernel)) {
            visit(source(g, firstChannel + i, position, tap), weight++, y);
          }
        }
        y++;
      }
    }
  }
}

function source(g: ConvGeometry, channel: number, position: readonly number[], tap: readonly number[]): number {
  let index = channel;
  for (let axis = 0; axis < 3; axis++) {
    const s = position[axis]! * g.stride[axis]! + tap[axis]! * g.dilation[axis]! - g.padding[axis]!;
    if (s < 0 || s >= g.input[axis]!) return -1;
    index = index * g.input[axis]! + s;
  }
  return index;
}

function positions(sizes: readonly number[]): number[][] {
  return Array.from({ length: volume(sizes) }, (_, index) => [
    Math.floor(index / (sizes[1]! * sizes[2]!)),
    Math.floor(index / sizes[2]!) % sizes[1]!,
    index % sizes[2]!,
  ]);
}

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** One axis; the kernel is cut down to what fits the padded input. */
function axis(largest: number): fc.Arbitrary<Axis> {
  return fc
    .record({
      input: fc.integer({ min: 1, max: largest }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.integer({ min: 0, max: 3 }),
      dilation: fc.integer({ min: 1, max: 3 }),
    })
    .map((a) => {
      const padded = a.input + 2 * a.padding;
      const kernel = Math.min(a.kernel, Math.floor((padded - 1) / a.dilation) + 1);
      return { ...a, kernel, output: Math.floor((padded - a.dilation * (kernel - 1) - 1) / a.stride) + 1 };
    });
}

const unitAxis = fc.constant<Axis>({ input: 1, output: 1, kernel: 1, stride: 1, padding: 0, dilation: 1 });
const pointAxis = fc.integer({ min: 1, max: 12 }).map<Axis>((n) => ({
  input: n,
  output: n,
  kernel: 1,
  stride: 1,
  padding: 0,
  dilation: 1,
}));

/** Axes of 1D, 2D and 3D windows, of unit windows, and of images so large that they are cut into blocks. */
const axes: fc.Arbitrary<[Axis, Axis, Axis]> = fc.oneof(
  fc.tuple(unitAxis, unitAxis, axis(40)),
  fc.tuple(unitAxis, unitAxis, axis(400)),
  fc.tuple(unitAxis, axis(12), axis(12)),
  fc.tuple(unitAxis, axis(40), axis(40)),
  fc.tuple(axis(6), axis(6), axis(6)),
  fc.tuple(unitAxis, pointAxis, pointAxis),
);

/** Geometries of `channels` per group in and out, as many as keep the loops below a million products. */
export function convGeometries(
  channels: fc.Arbitrary<{ input: number; output: number }>,
  groups = fc.integer({ min: 1, max: 3 }),
): fc.Arbitrary<ConvGeometry> {
  return fc
    .record({ batch: fc.integer({ min: 0, max: 3 }), groups, channels, axes })
    .map(({ batch, groups, channels: { input, output }, axes: [a, b, c] }) => ({
      batch,
      inChannels: input * groups,
      outChannels: output * groups,
      groups,
      input: [a.input, b.input, c.input] as const,
      output: [a.output, b.output, c.output] as const,
      kernel: [a.kernel, b.kernel, c.kernel] as const,
      stride: [a.stride, b.stride, c.stride] as const,
      padding: [a.padding, b.padding, c.padding] as const,
      dilation: [a.dilation, b.dilation, c.dilation] as const,
    }))
    .filter((g) => (convLengths(g).y * g.inChannels * volume(g.kernel)) / g.groups < 1e6);
}

/** Pseudo-random operands in [−1, 1); where `wild`, some of x and the cotangent are NaN or infinite. */
export function convOperands(g: ConvGeometry, seed: number, wild: boolean): ConvOperands {
  let state = seed | 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const tame = (length: number): Float32Array => new Float32Array(length).map(next);
  const maybeWild = (length: number): Float32Array =>
    tame(length).map((value) => (!wild || next() < 0.9 ? value : (wildValues[state % 3] ?? value)));
  const lengths = convLengths(g);
  return {
    x: maybeWild(lengths.x),
    weight: tame(lengths.weight),
    bias: tame(g.outChannels),
    cotangent: maybeWild(lengths.y),
  };
}

const wildValues = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
