/**
 * @file Parameter updates in place, with PyTorch's formulas and order of operations.
 *
 *   sgdStep(parameter, grad, velocity, length, options, first, last)         elementTasks(length) tasks
 *   adamStep(parameter, grad, moment1, moment2, length, options, first, last)
 *   lerp(running, observed, moved, length, weight, scale, first, last)
 *
 * sgdStep: `velocity` is 0 without momentum. Options, f32 each: lr, momentum, 1 − dampening, weightDecay, nesterov (1 or
 * 0), firstStep (1 where the velocity is still undefined: it becomes the gradient). 24 bytes.
 *
 *   g ← grad + weightDecay·p      v ← momentum·v + (1 − dampening)·g      p ← p − lr·(nesterov ? g + momentum·v : v)
 *
 * adamStep: options, f32 each: lr, beta1, beta2, eps, weightDecay, decoupled (1 for AdamW), 1/√(1 − beta2ᵗ), lr/(1 − beta1ᵗ),
 * 1 − beta1, 1 − beta2 (made by the host in float64). 40 bytes.
 *
 *   decoupled: p ← p − lr·weightDecay·p, else g ← grad + weightDecay·p
 *   m₁ ← m₁ + (1 − beta1)(g − m₁)    m₂ ← beta2·m₂ + (1 − beta2)·g²    p ← p − lr/(1 − beta1ᵗ) · m₁ / (√m₂/√(1 − beta2ᵗ) + eps)
 *
 * lerp, not in place: moved ← running + weight·(scale·observed − running), batch normalisation's running statistics.
 */
import { ELEMENTS_PER_TASK, storeLanes } from './lanes';
import { madd } from './simd';

@inline
function option(options: usize, index: usize): v128 {
  return v128.load32_splat(options + (index << 2));
}

export function sgdStep(
  parameter: usize,
  grad: usize,
  velocity: usize,
  length: i32,
  options: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const negativeLr = f32x4.neg(option(options, 0));
  const momentum = option(options, 1);
  const fresh = option(options, 2);
  const decay = option(options, 3);
  const nesterov = f32.load(options, 16) != 0;
  const firstStep = f32.load(options, 20) != 0;
  const end = min(lastTask * ELEMENTS_PER_TASK, length);
  for (let i = firstTask * ELEMENTS_PER_TASK; i < end; i += 4) {
    const at = <usize>i << 2;
    const p = v128.load(parameter + at);
    const g = madd(decay, p, v128.load(grad + at));
    let step = g;
    if (velocity != 0) {
      let v = g;
      if (!firstStep) v = madd(momentum, v128.load(velocity + at), f32x4.mul(fresh, g));
      storeLanes(velocity + at, v, end - i);
      step = nesterov ? madd(momentum, v, g) : v;
    }
    storeLanes(parameter + at, madd(negativeLr, step, p), end - i);
  }
}

export function adamStep(
  parameter: usize,
  grad: usize,
  moment1: usize,
  moment2: usize,
  length: i32,
  options: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const beta2 = option(options, 2);
  const eps = option(options, 3);
  const decoupled = f32.load(options, 20) != 0;
  const decay = decoupled ? f32x4.neg(f32x4.mul(option(options, 0), option(options, 4))) : option(options, 4);
  const rootCorrection = option(options, 6);
  const stepSize = option(options, 7);
  const fresh1 = option(options, 8);
  const fresh2 = option(options, 9);
  const end = min(lastTask * ELEMENTS_PER_TASK, length);
  for (let i = firstTask * ELEMENTS_PER_TASK; i < end; i += 4) {
    const at = <usize>i << 2;
    let p = v128.load(parameter + at);
    let g = v128.load(grad + at);
    if (decoupled) p = madd(decay, p, p);
    else g = madd(decay, p, g);
    const old1 = v128.load(moment1 + at);
    const m1 = madd(fresh1, f32x4.sub(g, old1), old1);
    const m2 = madd(f32x4.mul(fresh2, g), g, f32x4.mul(beta2, v128.load(moment2 + at)));
    const denominator = madd(f32x4.sqrt(m2), rootCorrection, eps);
    storeLanes(moment1 + at, m1, end - i);
    storeLanes(moment2 + at, m2, end - i);
    storeLanes(parameter + at, f32x4.sub(p, f32x4.div(f32x4.mul(stepSize, m1), denominator)), end - i);
  }
}

export function lerp(
  running: usize,
  observed: usize,
  moved: usize,
  length: i32,
  weight: f32,
  scale: f32,
  firstTask: i32,
  lastTask: i32,
): void {
  const w = f32x4.splat(weight);
  const s = f32x4.splat(scale);
  const end = min(lastTask * ELEMENTS_PER_TASK, length);
  for (let i = firstTask * ELEMENTS_PER_TASK; i < end; i += 4) {
    const at = <usize>i << 2;
    const old = v128.load(running + at);
    storeLanes(moved + at, madd(w, f32x4.sub(f32x4.mul(s, v128.load(observed + at)), old), old), end - i);
  }
}
