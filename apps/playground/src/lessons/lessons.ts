/**
 * @file The five lessons. Their texts are among the messages.
 */
import { comparePool } from '../compute/comparePools.js';
import { betaOf } from '../compute/temperature.js';
import { windowNumbers } from '../compute/windowNumbers.js';
import { builtInPicture } from '../pictures/builtInPictures.js';
import type { LessonName, PlaygroundState } from '../state/playgroundState.js';
import type { Lesson, Scene } from './lesson.js';

const THREE = ['max', 'avg', 'soft'];

const look = (scene: Scene): Scene => ({ view: 'look', pools: THREE, padding: 0, temperature: 0.5, ...scene });

/** What pooling throws away. */
const loss: Lesson = {
  scenes: [
    look({ picture: 'stars', kernel: 4, stride: 4, against: 'original', lensX: 0.4, lensY: 0.4 }),
    look({ picture: 'letters', kernel: 3, stride: 3, against: 'original', lensX: 0.3, lensY: 0.25 }),
    look({ picture: 'city', kernel: 2, stride: 2, against: 'avg', lensX: 0.42, lensY: 0.66 }),
    look({ picture: 'city', kernel: 2, stride: 2, against: 'original' }),
  ],
  isDone: ({ view, picture, kernel, stride }) =>
    view === 'look' && picture === 'letters' && kernel === 4 && stride === 4,
  question: { kind: 'choice', right: nearestPool },
};

/** The strategy whose result is nearest to the print, by PSNR, with the task's windows. */
function nearestPool(): number {
  const picture = builtInPicture('letters');
  const settings = { kernel: 4, stride: 4, padding: 0, beta: 1 };
  const scores = THREE.map((name) => comparePool(picture, name, settings).quality.psnr);
  return scores.indexOf(Math.max(...scores));
}

const hand = (scene: Scene): Scene => ({ view: 'window', windowSize: 2, pooling: 'soft', temperature: 0.5, ...scene });

/** Weights and temperature. */
const weights: Lesson = {
  scenes: [
    hand({ values: [1, 2, 3, 4], cell: 3, rule: 'exact' }),
    hand({ values: [1, 2, 3, 4], cell: 2, rule: 'exact' }),
    { view: 'temperature', windowSize: 2, values: [1, 2, 3, 4], temperature: 0.5 },
    { view: 'temperature', windowSize: 2, values: [1, 2, 3, 4], temperature: 0.5 },
  ],
  isDone: (state) => {
    const output = outputOf(state);
    return output >= 3.7 && output <= 3.8;
  },
  question: { kind: 'number', right: () => Math.E, tolerance: 0.025 },
};

function outputOf({ values, temperature }: PlaygroundState): number {
  if (values.length !== 4) return Number.NaN;
  return windowNumbers(values, { pooling: 'soft', beta: betaOf(temperature), rule: 'exact' }).output;
}

/** Gradients, exact and the paper's. */
const gradients: Lesson = {
  scenes: [
    hand({ values: [-2, 0, 1, 3], cell: 1, rule: 'exact' }),
    hand({ values: [-2, 0, 1, 3], cell: 1, rule: 'detached' }),
    { view: 'gradient', picture: 'city', row: 133, column: 33, output: 0, overlap: false, temperature: 0.5, rate: 0.5 },
    hand({ values: [0, 0, 0, 3], cell: 0, rule: 'exact' }),
  ],
  isDone: ({ view, values, temperature, pooling, rule }) => {
    if (view !== 'window' || values.length !== 4) return false;
    const { gradient } = windowNumbers(values, { pooling, beta: betaOf(temperature), rule });
    return Math.min(...gradient) < -0.08;
  },
  question: { kind: 'choice', right: () => 1 },
};

const shifted = (scene: Scene): Scene => ({
  ...{ view: 'shift', picture: 'city', pools: THREE, padding: 0, temperature: 0.5, lensX: 0.42, lensY: 0.66 },
  ...scene,
});

/** Shifts and aliasing. */
const shifts: Lesson = {
  scenes: [
    shifted({ kernel: 4, stride: 4, shift: 0 }),
    shifted({ kernel: 4, stride: 4, shift: 2 }),
    shifted({ kernel: 4, stride: 2, shift: 2 }),
    shifted({ kernel: 4, stride: 4, shift: 1 }),
  ],
  isDone: ({ view, shift, stride }) => view === 'shift' && shift > 0 && shift % stride === 0,
  question: { kind: 'number', right: () => 12 / 4, tolerance: 0 },
};

const race = (scene: Scene): Scene => ({ view: 'race', racers: THREE, batch: '32', seeds: 1, ...scene });

/** A fair comparison. */
const fairness: Lesson = {
  scenes: [race({}), race({}), race({ seeds: 2 }), race({ seeds: 1 })],
  isDone: ({ view, seeds, racers }) => view === 'race' && seeds >= 3 && racers.length >= 2,
  question: { kind: 'choice', right: () => 2 },
};

export const lessons: Readonly<Record<Exclude<LessonName, 'none'>, Lesson>> = {
  loss,
  weights,
  gradients,
  shifts,
  fairness,
};
