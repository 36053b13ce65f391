/**
 * @file What programs are made of besides the library's own functions. A printed program quotes these as they stand here, so
 * each uses the public API alone.
 */
import {
  add,
  type BatchNormOptions,
  batchNorm,
  concat,
  Generator,
  grad,
  gradients,
  mul,
  Parameter,
  reshape,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
} from 'softgrad';
import * as nn from 'softgrad/nn';
import { Adam, AdamW, SGD } from 'softgrad/optim';

/** Weights for the cells of y: no two neighbours alike, none 0. */
export function weightsLike(y: Tensor, salt: number): Tensor {
  const values = Float32Array.from({ length: y.size }, (_, i) => (((7 * i + 3 * salt) % 11) - 5.5) / 4);
  return tensor(values, { shape: y.shape, dtype: y.dtype, backend: y.backend });
}

/** One number that depends on every cell of every tensor; undefined if none of them can be differentiated. */
export function project(tensors: readonly Tensor[], salt: number): Tensor | undefined {
  const terms = tensors.filter((t) => t.requiresGrad).map((t, i) => sum(mul(t, weightsLike(t, salt + i))));
  return terms.length > 0 ? terms.reduce((total, term) => add(total, term)) : undefined;
}

/** ∂scalar/∂x for each x, zeros where there is none, in one of three ways to ask for it. */
export function differentiate(
  f: (...xs: Tensor[]) => Tensor | undefined,
  xs: readonly Tensor[],
  style: 'gradients' | 'grad' | 'backward',
): Tensor[] {
  const all = xs.map((_, i) => i);
  const scalar = (...inputs: Tensor[]): Tensor => f(...inputs) ?? tensor(0, { dtype: xs[0]!.dtype });
  if (style === 'grad')
    return all.length > 1 ? grad(scalar, { argnums: all })(...xs) : [valueAndGrad(scalar)(...xs)[1]];
  const value = f(...xs);
  if (!value) return xs.map((x) => mul(x.detach(), 0));
  if (style === 'gradients') return gradients(value, xs, { createGraph: true });
  for (const x of xs) x.grad = undefined;
  value.backward({ createGraph: true });
  return xs.map((x) => x.grad ?? mul(x.detach(), 0));
}

/** The outputs of f, the gradient of a projection of them, and the gradient of a projection of that gradient. */
export function derivatives(
  f: (...xs: Tensor[]) => Tensor[],
  xs: readonly Tensor[],
  style: 'gradients' | 'grad' | 'backward',
  order: number,
): Tensor[] {
  const first = (...inputs: Tensor[]): Tensor[] => differentiate((...at) => project(f(...at), 0), inputs, style);
  const results = f(...xs);
  if (order >= 1) results.push(...first(...xs));
  if (order >= 2) results.push(...differentiate((...at) => project(first(...at), 5), xs, style));
  return results;
}

/** A pooling strategy whose parameters are the given tensors. */
export function poolBy(
  name: string,
  options: nn.PoolOptions,
  training: boolean,
  x: Tensor,
  parameters: Tensor[],
): Tensor {
  const layer = nn.pool(name, { ...options, generator: new Generator(1) }).train(training);
  const slots = layer
    .modules()
    .flatMap((owner) => Object.entries(owner).map(([key, value]) => ({ owner, key, value })));
  const learned = slots.filter(({ value }) => value instanceof Parameter);
  for (const [i, { owner, key, value }] of learned.entries()) {
    value.dispose();
    Reflect.set(owner, key, parameters[i]);
  }
  return layer.forward(x);
}

/** Batch normalisation in training, and the running statistics that it leaves behind. */
export function trainBatchNorm(x: Tensor, mean: Tensor, variance: Tensor, options: BatchNormOptions): Tensor {
  const running = { runningMean: new Parameter(mean.detach()), runningVar: new Parameter(variance.detach()) };
  const y = batchNorm(x, { ...options, ...running, training: true });
  const after = [running.runningMean.detach(), running.runningVar.detach()];
  for (const parameter of Object.values(running)) parameter.dispose();
  return concat([reshape(y, [-1]), ...after]);
}

/** Where an optimiser takes x with the given gradients. */
export function optimize(kind: 'SGD' | 'Adam' | 'AdamW', options: { lr: number }, x: Tensor, grads: Tensor[]): Tensor {
  const parameter = new Parameter(x.detach());
  const optimizer = new { SGD, Adam, AdamW }[kind]([parameter], options);
  for (const g of grads) {
    parameter.grad = g.detach();
    optimizer.step();
  }
  const result = parameter.detach();
  optimizer.dispose();
  parameter.dispose();
  return result;
}
