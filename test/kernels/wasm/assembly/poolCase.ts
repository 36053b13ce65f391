/**
 * @file Random pooling geometries, and pooling kernels called as a host calls them.
 */
import fc from 'fast-check';
import { type WindowGeometry, windowGeometry } from '../../../../src/kernels/windowGeometry.js';
import { type KernelRig, runRanges } from './support.js';

const axis = (most: number) =>
  fc.record({
    size: fc.integer({ min: 1, max: most }),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 7 }),
    padding: fc.integer({ min: 0, max: 2 }),
    dilation: fc.integer({ min: 1, max: 3 }),
  });

/** Any window that fits, 1D and 2D ones among them. */
const anyGeometry: fc.Arbitrary<WindowGeometry | undefined> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), axis(3), axis(9), axis(23), fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([planes, ...rest]) => {
    const [depth, height, width, rank, ceilMode] = rest;
    const axes = [depth, height, width].slice(3 - rank);
    try {
      return windowGeometry('pool', [1, planes, ...axes.map((a) => a.size)], rank as 1 | 2 | 3, {
        kernelSize: axes.map((a) => a.kernel),
        stride: axes.map((a) => a.stride),
        padding: axes.map((a) => Math.min(a.padding, a.kernel >> 1)),
        dilation: axes.map((a) => a.dilation),
        ceilMode,
      });
    } catch {
      return undefined;
    }
  });

/** The windows that have kernels of their own, and their neighbours. */
const commonGeometry: fc.Arbitrary<WindowGeometry | undefined> = fc
  .record({
    planes: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 2, max: 12 }),
    width: fc.integer({ min: 2, max: 40 }),
    kernelSize: fc.constantFrom(2, 2, 3),
    padding: fc.integer({ min: 0, max: 1 }),
    ceilMode: fc.boolean(),
  })
  .map(({ planes, height, width, ...window }) => {
    try {
      return windowGeometry('pool', [planes, height, width], 2, { ...window, stride: 2 });
    } catch {
      return undefined;
    }
  });

/** Every axis on which some window has no cell but padding makes kernels differ in what they call an empty window. */
function hasEmptyWindow(g: WindowGeometry): boolean {
  return g.output.some((count, a) =>
    Array.from({ length: count }, (_, o) => {
      const start = o * g.stride[a]! - g.padding[a]!;
      return Array.from({ length: g.kernel[a]! }, (_, k) => start + k * g.dilation[a]!).some(
        (at) => at >= 0 && at < g.input[a]!,
      );
    }).includes(false),
  );
}

export const geometry: fc.Arbitrary<WindowGeometry> = fc
  .oneof(anyGeometry, commonGeometry)
  .filter((g): g is WindowGeometry => g !== undefined && !hasEmptyWindow(g));

export function volume(axes: readonly number[]): number {
  return axes.reduce((product, size) => product * size, 1);
}

export function inputLength(g: WindowGeometry): number {
  return g.planes * volume(g.input);
}

export function outputLength(g: WindowGeometry): number {
  return g.planes * volume(g.output);
}

/** Calls pooling kernel `name`; an argument that is an array is put into memory, the result's place follows them. */
export function pool(
  rig: KernelRig,
  name: string,
  { inputs, scalars = [] }: { inputs: readonly Float32Array[]; scalars?: readonly number[] },
  length: number,
  g: WindowGeometry,
  ranges = 2,
): Float32Array {
  rig.reset();
  const struct = rig.putInts([
    g.planes,
    ...g.input,
    ...g.output,
    ...g.kernel,
    ...g.stride,
    ...g.padding,
    ...g.dilation,
  ]);
  const placed = new Map(inputs.map((values) => [values, rig.put(values)]));
  const addresses = inputs.map((values) => placed.get(values)!);
  const y = rig.allocate(length * 4);
  const scratch = name.endsWith('fold') ? [] : [rig.allocate(rig.call('poolScratchBytes', struct))];
  runRanges(g.planes, ranges, (first, last) => {
    rig.call(name, ...addresses, y, ...scalars, struct, ...scratch, first, last);
  });
  return rig.floats(y, length).slice();
}

/** Values as the reference kernels take them, in float64. */
export function exact(values: ArrayLike<number>): { values: Float64Array; dtype: 'float64'; length: number } {
  return { values: Float64Array.from(values), dtype: 'float64', length: values.length };
}
