/**
 * @file Learning-rate schedules: functions from the number of updates made so far to the rate of the next.
 *
 * `optimizer.lr = schedule(step)` before `optimizer.step()`, or `fit(model, { schedule, … })`.
 */
import { ArgumentError } from '../errors.js';

/** The learning rate of update `step`, counted from 0. */
export type Schedule = (step: number) => number;

/** Always the same rate. */
export function constant(lr: number): Schedule {
  checkRate('constant', 'lr', lr);
  return () => lr;
}

export interface StepDecayOptions {
  readonly lr: number;
  /** Updates between two decays. */
  readonly every: number;
  /** What each decay multiplies by. Default 0.1. */
  readonly factor?: number;
}

/** lr · factor^⌊step/every⌋ */
export function stepDecay({ lr, every, factor = 0.1 }: StepDecayOptions): Schedule {
  checkRate('stepDecay', 'lr', lr);
  checkRate('stepDecay', 'factor', factor);
  checkSteps('stepDecay', 'every', every, 1);
  return (step) => lr * factor ** Math.floor(step / every);
}

export interface CosineOptions {
  /** The highest rate. */
  readonly lr: number;
  /** All updates, warm-up included. */
  readonly steps: number;
  /** Updates over which the rate first rises linearly from lr/warmup to lr. Default 0. */
  readonly warmup?: number;
  /** The rate that it ends at. Default 0. */
  readonly finalLr?: number;
}

/**
 * Half a cosine from `lr` down to `finalLr`, after a linear warm-up (Loshchilov and Hutter, "SGDR", ICLR 2017):
 *
 *   finalLr + (lr − finalLr)(1 + cos πt)/2 with t from 0 to 1
 */
export function cosine({ lr, steps, warmup = 0, finalLr = 0 }: CosineOptions): Schedule {
  checkRate('cosine', 'lr', lr);
  checkRate('cosine', 'finalLr', finalLr);
  checkSteps('cosine', 'steps', steps, 1);
  checkSteps('cosine', 'warmup', warmup, 0);
  if (warmup >= steps) throw new ArgumentError(`cosine: warmup ${warmup} leaves nothing of ${steps} steps`);
  return (step) => {
    if (step < warmup) return (lr * (step + 1)) / warmup;
    return between(lr, finalLr, (step - warmup) / (steps - warmup));
  };
}

export interface OneCycleOptions {
  /** The highest rate. */
  readonly lr: number;
  /** All updates. */
  readonly steps: number;
  /** The part of the updates in which the rate rises. Default 0.3. */
  readonly rising?: number;
  /** It begins at lr/startFactor. Default 25. */
  readonly startFactor?: number;
  /** It ends at lr/(startFactor · finalFactor). Default 10,000. */
  readonly finalFactor?: number;
}

/**
 * Up and down again once, each on half a cosine (Smith and Topin, "Super-convergence", 2018), with the defaults and the
 * corner points of torch.optim.lr_scheduler.OneCycleLR.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { lr, steps, rising = 0.3, startFactor = 25, finalFactor = 1e4 } = options;
  checkRate('oneCycle', 'lr', lr);
  checkSteps('oneCycle', 'steps', steps, 1);
  if (!(rising > 0 && rising < 1)) throw new ArgumentError(`oneCycle: rising must lie in (0, 1), got ${rising}`);
  if (!(startFactor >= 1 && finalFactor >= 1)) {
    throw new ArgumentError(
      `oneCycle: startFactor and finalFactor must be at least 1, got ${startFactor}, ${finalFactor}`,
    );
  }
  const start = lr / startFactor;
  const peak = rising * steps - 1;
  const last = steps - 1;
  return (step) => {
    if (step <= peak) return between(start, lr, peak <= 0 ? 1 : step / peak);
    return between(lr, start / finalFactor, last <= peak ? 1 : (step - peak) / (last - peak));
  };
}

/** From one rate (t ≤ 0) to another (t ≥ 1) on half a cosine. */
function between(from: number, to: number, t: number): number {
  const bounded = Math.min(1, Math.max(0, t));
  return to + ((from - to) * (1 + Math.cos(Math.PI * bounded))) / 2;
}

function checkRate(schedule: string, name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new ArgumentError(`${schedule}: ${name} must be finite and at least 0, got ${value}`);
  }
}

function checkSteps(schedule: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new ArgumentError(`${schedule}: ${name} must be a whole number of at least ${least}, got ${value}`);
  }
}
