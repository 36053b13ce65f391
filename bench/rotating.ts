/**
 * @file Tasks whose data the caches don't hold, as in training, where a layer's input was written long before it is read.
 */
import type { Tensor } from 'softgrad';
import { gradients, noGrad, randn } from 'softgrad';

/** One task after the other, in turns. */
export function inTurns(count: number, task: (index: number) => () => void): () => void {
  const tasks = Array.from({ length: count }, (_, index) => task(index));
  let calls = 0;
  return () => tasks[calls++ % count]?.();
}

/** Computes a tensor again and again; the last one lives until the next, so that tasks in turns write to different places. */
export function computing(make: () => Tensor): () => void {
  let last: Tensor | undefined;
  return () => {
    last?.dispose();
    last = make();
  };
}

/** `f` of `count` different inputs in turns, and the gradient of each. */
export function passesInTurns(
  count: number,
  shape: readonly number[],
  f: (x: Tensor) => Tensor,
): { forward: () => void; backward: () => void } {
  const inputs = Array.from({ length: count }, () => randn(shape, { requiresGrad: true }));
  const pick = (index: number): Tensor => inputs[index] ?? randn(shape);
  return {
    forward: inTurns(count, (index) => computing(() => noGrad(() => f(pick(index))))),
    backward: inTurns(count, (index) => {
      const x = pick(index);
      const y = f(x);
      const gradient = randn(y.shape);
      return computing(() => gradients(y, [x], { gradient, retainGraph: true })[0] ?? x.detach());
    }),
  };
}
