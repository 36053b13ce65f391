/**
 * @file Convolutions, each of the three passes by itself, through the public functions.
 */
import { conv1d, conv2d, conv3d, gradients, noGrad, randn, type Shape, scope, type Tensor } from 'softgrad';

export interface ConvCase {
  readonly name: string;
  readonly input: Shape;
  readonly weight: Shape;
  readonly options: { readonly stride?: number; readonly padding?: number; readonly groups?: number };
}

export type ConvPass = 'forward' | 'input gradient' | 'weight gradient';

export const convPasses: readonly ConvPass[] = ['forward', 'input gradient', 'weight gradient'];

/** The 3×3 convolutions of a ResNet at batch 128. */
export const resnetConvs: readonly ConvCase[] = [
  { name: '3×3 [128,16,32,32]', input: [128, 16, 32, 32], weight: [16, 16, 3, 3], options: { padding: 1 } },
  { name: '3×3 [128,32,16,16]', input: [128, 32, 16, 16], weight: [32, 32, 3, 3], options: { padding: 1 } },
  { name: '3×3 [128,64,8,8]', input: [128, 64, 8, 8], weight: [64, 64, 3, 3], options: { padding: 1 } },
];

export const otherConvs: readonly ConvCase[] = [
  { name: 'stride 2', input: [32, 32, 32, 32], weight: [32, 32, 3, 3], options: { padding: 1, stride: 2 } },
  { name: '4 groups', input: [32, 64, 16, 16], weight: [64, 16, 3, 3], options: { padding: 1, groups: 4 } },
  { name: '1D', input: [64, 32, 512], weight: [32, 32, 3], options: { padding: 1 } },
  { name: '3D', input: [8, 16, 16, 16, 16], weight: [16, 16, 3, 3, 3], options: { padding: 1 } },
  { name: '1×1', input: [64, 32, 16, 16], weight: [64, 32, 1, 1], options: {} },
];

export const depthwiseConv: ConvCase = {
  name: 'depthwise 3×3 [64,32,32,32]',
  input: [64, 32, 32, 32],
  weight: [32, 1, 3, 3],
  options: { padding: 1, groups: 32 },
};

export interface PreparedConv {
  /** Of the direct algorithm, whichever runs. */
  readonly flops: number;
  readonly bytes: number;
  readonly run: () => void;
}

/** One pass, ready to be timed. A gradient is that of one recorded call, for one of its arguments alone. */
export function prepareConv({ input, weight, options }: ConvCase, pass: ConvPass): PreparedConv {
  const rank = input.length - 2;
  const conv = [conv1d, conv2d, conv3d][rank - 1]!;
  const x = randn(input, { requiresGrad: pass === 'input gradient' });
  const w = randn(weight, { requiresGrad: pass === 'weight gradient' });
  const y = conv(x, w, options);
  const flops = (2 * y.size * w.size) / weight[0]!;
  const bytes = 4 * (x.size + y.size);
  if (pass === 'forward') return { flops, bytes, run: () => noGrad(() => scope(() => void conv(x, w, options))) };
  return { flops, bytes, run: gradientOf(y, pass === 'input gradient' ? x : w) };
}

/** Computes the gradient of y for `input`, again and again. */
export function gradientOf(y: Tensor, input: Tensor): () => void {
  const gradient = randn(y.shape);
  return () => scope(() => void gradients(y, [input], { gradient, retainGraph: true }));
}
