/**
 * @file Random pooling windows that fit their inputs: overlapping, gapped, padded, dilated, rounded up.
 */
import fc from 'fast-check';
import { type WindowGeometry, windowGeometry } from '../../kernels/windowGeometry.js';
import type { Shape } from '../../tensor/shape.js';

/** An input's shape and a window over its spatial axes, ready to be passed on as options. */
export interface PoolingWindow {
  /** `[N, C, ...spatial]`, sometimes `[C, ...spatial]`. */
  readonly shape: Shape;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceilMode: boolean;
}

export interface PoolingConstraints {
  /** Largest kernel on an axis. Default 3. */
  readonly maxKernel?: number;
  /** Largest dilation; average pooling takes 1. Default 2. */
  readonly maxDilation?: number;
  /** How many cells an axis may be larger than one window. Default 3. */
  readonly maxExtra?: number;
  /** Default true. */
  readonly unbatched?: boolean;
}

/** Windows for `softPool1d` and the like. */
export function poolingWindow1d(constraints?: PoolingConstraints): fc.Arbitrary<PoolingWindow> {
  return poolingWindow(1, constraints);
}

/** Windows for `softPool2d` and the like. */
export function poolingWindow2d(constraints?: PoolingConstraints): fc.Arbitrary<PoolingWindow> {
  return poolingWindow(2, constraints);
}

/** Windows for `softPool3d` and the like. */
export function poolingWindow3d(constraints?: PoolingConstraints): fc.Arbitrary<PoolingWindow> {
  return poolingWindow(3, constraints);
}

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

function poolingWindow(rank: 1 | 2 | 3, constraints: PoolingConstraints = {}): fc.Arbitrary<PoolingWindow> {
  const { maxKernel = 3, maxDilation = 2, maxExtra = 3, unbatched = true } = constraints;
  const axis: fc.Arbitrary<Axis> = fc
    .record({
      kernel: fc.integer({ min: 1, max: maxKernel }),
      stride: fc.integer({ min: 1, max: maxKernel + 1 }),
      dilation: fc.integer({ min: 1, max: maxDilation }),
      padding: fc.nat({ max: maxKernel >> 1 }),
      extra: fc.nat({ max: maxExtra }),
    })
    .map(({ kernel, stride, dilation, padding: wanted, extra }) => {
      const padding = Math.min(wanted, kernel >> 1);
      return {
        size: Math.max(1, dilation * (kernel - 1) + 1 - 2 * padding) + extra,
        kernel,
        stride,
        padding,
        dilation,
      };
    });
  const leading = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: unbatched ? 1 : 2, maxLength: 2 });
  return fc
    .record({ leading, axes: fc.array(axis, { minLength: rank, maxLength: rank }), ceilMode: fc.boolean() })
    .map(({ leading, axes, ceilMode }) => ({
      shape: [...leading, ...axes.map(({ size }) => size)],
      kernelSize: axes.map(({ kernel }) => kernel),
      stride: axes.map(({ stride }) => stride),
      padding: axes.map(({ padding }) => padding),
      dilation: axes.map(({ dilation }) => dilation),
      ceilMode,
    }))
    .filter((window) => everyWindowHasCells(windowGeometry('poolingWindow', window.shape, rank, window)));
}

/** With dilation, a window can step over the whole input and see nothing but padding. */
function everyWindowHasCells({ input, output, kernel, stride, padding, dilation }: WindowGeometry): boolean {
  return ([0, 1, 2] as const).every((axis) => {
    const isInside = (position: number, k: number): boolean => {
      const cell = position * stride[axis] - padding[axis] + k * dilation[axis];
      return cell >= 0 && cell < input[axis];
    };
    return range(output[axis]).every((position) => range(kernel[axis]).some((k) => isInside(position, k)));
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
