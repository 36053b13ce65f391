/**
 * @file The line that a progress bar is part of.
 */
import { styleText } from 'node:util';
import { bar } from './bar.js';
import { duration, grouped, percent } from './format.js';

/** What the line tells; what isn't known yet is NaN. */
export interface ProgressState {
  readonly pool: string;
  /** Counted from 1. */
  readonly seed: number;
  readonly seeds: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** An epoch is over, and its network is being tested. */
  readonly testing: boolean;
  readonly imagesPerSecond: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly secondsLeft: number;
}

/** A bar longer than this says no more. */
const LONGEST_BAR = 24;
const SHORTEST_BAR = 6;
const GAP = '  ';

/**
 * The line for a terminal of `columns` columns. Every part keeps its width while the numbers in it change; where there is too
 * little room, the loss goes first, then the accuracy, the speed and the epoch.
 *
 * @param share of the whole study that is done, 0 to 1
 * @param poolWidth of the longest name
 */
export function progressLine(state: ProgressState, share: number, poolWidth: number, columns: number): string {
  const name = state.pool.padEnd(poolWidth);
  const seed = `seed ${state.seed}/${state.seeds}`;
  const parts = numberParts(state);
  const lead = `${GAP}${name}${GAP}${seed}${GAP}`;
  const room = (): number =>
    columns - 1 - lead.length - [...parts.values()].reduce((n, s) => n + GAP.length + s.length, 0);
  for (const dropped of ['loss', 'accuracy', 'speed', 'epoch']) if (room() < SHORTEST_BAR) parts.delete(dropped);
  const full = bar(share, Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, room())));
  const rest = [...parts.values()].map((part) => GAP + part).join('');
  return `${GAP}${styleText('bold', name, { stream: process.stderr })}${GAP}${seed}${GAP}${full}${rest}`;
}

/** The parts behind the bar, each padded to the longest that it may become. */
function numberParts(state: ProgressState): Map<string, string> {
  const { epochs, imagesPerSecond: speed, loss, accuracy } = state;
  return new Map([
    ['epoch', `epoch ${String(state.epoch).padStart(String(epochs).length)}/${epochs}`],
    ['speed', (state.testing ? 'testing' : known(speed, `${grouped(speed)} img/s`)).padStart(12)],
    ['loss', known(loss, `loss ${loss < 10 ? loss.toFixed(3) : loss.toPrecision(4)}`).padEnd(10)],
    ['accuracy', known(accuracy, `acc ${percent(accuracy)}`).padEnd(10)],
    ['left', known(state.secondsLeft, `${duration(state.secondsLeft)} left`).padEnd(16)],
  ]);
}

function known(value: number, text: string): string {
  return Number.isFinite(value) ? text : '';
}
