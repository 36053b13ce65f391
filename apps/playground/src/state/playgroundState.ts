/**
 * @file Everything that the page remembers; all of it stands in the address.
 */
import { choice, decimal, type Field, flag, integer, numbers, words } from './fields.js';

/** The views, in the order of the navigation. */
export const VIEWS = ['look', 'window', 'gradient', 'temperature', 'shift', 'autograd', 'race', 'lessons'] as const;
export type ViewName = (typeof VIEWS)[number];

export const PICTURES = ['landscape', 'city', 'stars', 'rings', 'cloth', 'letters', 'own'] as const;
export type PictureName = (typeof PICTURES)[number];

export const EXPRESSIONS = ['square', 'neuron', 'softmax', 'shared'] as const;
export const LESSONS = ['none', 'loss', 'weights', 'gradients', 'shifts', 'fairness'] as const;
export type LessonName = (typeof LESSONS)[number];

export const fields = {
  view: choice(VIEWS, 'look'),
  language: choice(['auto', 'en', 'zh'], 'auto'),
  theme: choice(['auto', 'light', 'dark'], 'auto'),

  picture: choice(PICTURES, 'city'),
  /** Strategies that are shown side by side. */
  pools: words(['max', 'avg', 'soft']),
  kernel: integer(2, 8, 2),
  stride: integer(1, 8, 2),
  padding: integer(0, 4, 0),
  /** Position on the temperature slider, 0 … 1: β = t / (1 − t). */
  temperature: decimal(0, 1, 0.5, 3),
  against: choice(['original', 'max', 'avg', 'soft'], 'original'),
  lensX: decimal(0, 1, 0.42, 3),
  lensY: decimal(0, 1, 0.66, 3),
  lensSize: integer(12, 64, 32),

  /** The window by hand: its size, its top left cell and, where dragged, its values. */
  windowSize: integer(2, 4, 2),
  row: integer(0, 4095, 133),
  column: integer(0, 4095, 33),
  values: numbers(2),
  pooling: choice(['soft', 'max', 'avg'], 'soft'),
  rule: choice(['exact', 'detached'], 'exact'),
  cell: integer(0, 15, 0),

  /** The gradient's output cell, and how far the descent goes. */
  output: integer(0, 15, 0),
  everyOutput: flag(false),
  overlap: flag(false),
  rate: decimal(0.05, 2, 0.5, 2),

  target: choice(['max', 'avg', 'sharp'], 'max'),

  shift: integer(0, 16, 0),

  expression: choice(EXPRESSIONS, 'square'),
  leaves: numbers(2),
  step: integer(0, 99, 0),

  backend: choice(['wasm', 'webgpu', 'webgl2', 'reference'], 'wasm'),
  racers: words(['max', 'avg', 'soft']),
  seeds: integer(1, 5, 1),
  batch: choice(['16', '32', '64'], '32'),

  lesson: choice(LESSONS, 'none'),
  part: integer(0, 9, 0),
} satisfies Record<string, Field<unknown>>;

type ValueOf<F> = F extends Field<infer T> ? T : never;

/** One value for every field. */
export type PlaygroundState = { readonly [K in keyof typeof fields]: ValueOf<(typeof fields)[K]> };
