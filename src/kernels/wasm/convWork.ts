/**
 * @file Sizes and work of a convolution.
 */
import type { ConvGeometry } from '../convGeometry.js';
import { PRODUCTS_PER_CELL } from './matmulKernels.js';

/** Cells of x. */
export function inputLength({ batch, inChannels, input }: ConvGeometry): number {
  return batch * inChannels * volume(input);
}

/** Cells of y. */
export function outputLength({ batch, outChannels, output }: ConvGeometry): number {
  return batch * outChannels * volume(output);
}

/** Cells of the weight. */
export function weightLength({ inChannels, outChannels, groups, kernel }: ConvGeometry): number {
  return outChannels * (inChannels / groups) * volume(kernel);
}

/** The work of one pass, as `Work` counts it. */
export function convCells(geometry: ConvGeometry): number {
  return (geometry.batch * volume(geometry.output) * weightLength(geometry)) / PRODUCTS_PER_CELL;
}

function volume(axes: readonly number[]): number {
  return axes.reduce((product, size) => product * size, 1);
}
