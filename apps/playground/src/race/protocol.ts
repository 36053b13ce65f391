/**
 * @file What the page and the race's worker say to each other.
 */
import type { BackendName } from 'softgrad';

/** A backend as `setBackend` takes it. */
export interface BackendChoice {
  readonly name: BackendName;
  readonly options?: object | undefined;
}

export interface RaceSettings {
  readonly pools: readonly string[];
  /** How many; they are 1, 2, 3 … */
  readonly seeds: number;
  readonly batchSize: number;
  readonly backend: BackendChoice;
}

/** One network of the race. */
export interface LaneName {
  readonly pool: string;
  readonly seed: number;
}

export type RaceCommand =
  | { readonly kind: 'prepare'; readonly settings: RaceSettings }
  | { readonly kind: 'run' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step' };

/** What one network has inside: its first filters and what they make of one picture. */
export interface Inside {
  readonly pool: string;
  /** `[count, 3, 3, 3]` */
  readonly filters: Float32Array;
  /** `[count, side, side]`, after the first pooling. */
  readonly maps: Float32Array;
  readonly count: number;
  readonly side: number;
}

export type RaceReport =
  | {
      readonly kind: 'ready';
      /** What really runs, as `backendInfo` says. */
      readonly backend: string;
      readonly lanes: readonly LaneName[];
      readonly parameters: number;
      readonly images: number;
    }
  | {
      readonly kind: 'round';
      /** Steps that every network has made. */
      readonly step: number;
      readonly losses: readonly number[];
      /** Mean β of the first pooling, where it is learned. */
      readonly betas: readonly (number | null)[];
      readonly imagesPerSecond: number;
    }
  | { readonly kind: 'tested'; readonly step: number; readonly accuracies: readonly number[] }
  | { readonly kind: 'inside'; readonly step: number; readonly networks: readonly Inside[] }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly message: string };

/** Steps after which a race is over. */
export const RACE_STEPS = 400;
/** Steps between two tests, and between two looks inside. */
export const TEST_EVERY = 20;
export const LOOK_EVERY = 10;
