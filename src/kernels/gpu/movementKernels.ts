/**
 * @file Kernels that move cells.
 */
import type { Kernels } from '../kernels.js';
import type { ConcatPart, StridedLayout } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { axesFor, constantsOf, sizeConstants, strideConstants } from './stridedConstants.js';

export function movementKernels(
  gpu: GpuRuntime,
): Pick<Kernels<GpuStorage>, 'gatherStrided' | 'scatterStrided' | 'concat'> {
  return {
    gatherStrided: (x, layout) => {
      const { shape, strides, offset } = mergedWalk(layout);
      const length = shape.reduce((product, size) => product * size, 1);
      const axes = axesFor('gatherStrided', shape.length);
      const program = axes === 4 ? programs.gather4 : programs.gather8;
      const constants = constantsOf(program, {
        ...sizeConstants(shape, axes),
        ...strideConstants('stride', strides, axes),
        offset,
      });
      return gpu.run('gatherStrided', program, { inputs: { x }, constants, length });
    },

    scatterStrided: (x, layout, length) => {
      if (x.length === 0)
        return gpu.run('scatterStrided', programs.fill, { inputs: {}, scalars: { value: 0 }, length });
      const digits = scatterDigits(layout);
      const axes = axesFor('scatterStrided', digits.shape.length);
      const program = axes === 4 ? programs.scatter4 : programs.scatter8;
      // In front of the largest stride stand axes of one cell, whose stride exceeds every distance.
      const missing = axes - digits.shape.length;
      const strides = [...new Array<number>(missing).fill(length), ...digits.strides];
      const constants = constantsOf(program, {
        ...sizeConstants(digits.shape, axes),
        ...strideConstants('stride', strides, axes),
        ...strideConstants('source', digits.sources, axes),
        offset: digits.offset,
        start: digits.start,
      });
      return gpu.run('scatterStrided', program, { inputs: { x }, constants, length });
    },

    concat: (parts, outer) => {
      const whole = parts.filter(({ inner }) => inner > 0);
      const [first, ...rest] = whole;
      if (!first || outer === 0)
        return gpu.run('concat', programs.fill, { inputs: {}, scalars: { value: 0 }, length: 0 });
      if (rest.length === 0)
        return gpu.run('concat', programs.copy, { inputs: { x: first.storage }, length: first.storage.length });
      return joinAll(gpu, first, rest, outer);
    },
  };
}

/** Joins two by two; what stands between is freed. */
function joinAll(
  gpu: GpuRuntime,
  first: ConcatPart<GpuStorage>,
  rest: readonly ConcatPart<GpuStorage>[],
  outer: number,
): GpuStorage {
  let joined = first;
  for (const part of rest) {
    const width = joined.inner + part.inner;
    const storage = gpu.run('concat', programs.concat2, {
      inputs: { a: joined.storage, b: part.storage },
      constants: { innerA: joined.inner, innerB: part.inner, width },
      length: outer * width,
    });
    if (joined !== first) gpu.free(joined.storage);
    joined = { storage, inner: width };
  }
  return joined.storage;
}

/** The same walk with neighbouring axes merged where the walk goes on without a jump, and without axes of one cell. */
function mergedWalk({ shape, strides, offset }: StridedLayout): StridedLayout {
  const merged = { shape: [] as number[], strides: [] as number[], offset };
  shape.forEach((size, axis) => {
    const stride = strides[axis] ?? 0;
    const last = merged.shape.length - 1;
    if (size === 1) return;
    if (last >= 0 && merged.strides[last] === stride * size) {
      merged.shape[last] = (merged.shape[last] ?? 1) * size;
      merged.strides[last] = stride;
    } else {
      merged.shape.push(size);
      merged.strides.push(stride);
    }
  });
  return merged;
}

/** A walk over distinct cells, read backwards. */
interface ScatterDigits {
  /** Axes by stride in the output, the largest first. */
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Strides in the input. */
  readonly sources: readonly number[];
  /** The output cell with the smallest index, and the input cell that it takes. */
  readonly offset: number;
  readonly start: number;
}

/** How an output cell finds its input: an axis that is walked backwards is turned round. */
function scatterDigits(layout: StridedLayout): ScatterDigits {
  const { shape, strides, offset } = mergedWalk(layout);
  let source = shape.reduce((product, size) => product * size, 1);
  let [smallest, start] = [offset, 0];
  const axes = shape.map((size, axis) => {
    source /= size;
    const stride = strides[axis] ?? 0;
    if (stride > 0) return { size, stride, source };
    smallest += stride * (size - 1);
    start += source * (size - 1);
    return { size, stride: -stride, source: -source };
  });
  const sorted = axes.toSorted((a, b) => b.stride - a.stride);
  return {
    shape: sorted.map(({ size }) => size),
    strides: sorted.map(({ stride }) => stride),
    sources: sorted.map(({ source: step }) => step),
    offset: smallest,
    start,
  };
}
