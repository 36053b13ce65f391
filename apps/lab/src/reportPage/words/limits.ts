/**
 * @file What a study can't tell, in sentences that follow from its own numbers.
 */
import { grouped } from '../../report/format.js';
import { median } from '../../study/statistics.js';
import type { Study } from '../../study/study.js';

/** Sentences, the most important first. */
export function limitsOf(study: Study): string[] {
  const { settings, data } = study;
  return [
    ...missingRuns(study),
    ...fewSeeds(study),
    `Only differences to ${settings.baseline} are tested. That two poolings differ from it doesn’t tell how they differ from each other.`,
    `One recipe for all: ${settings.epochs} ${settings.epochs === 1 ? 'epoch' : 'epochs'} at a learning rate of ${settings.lr}, tuned for none of them. With another one, or with longer training, the order may be another.`,
    `One network, ${settings.model}, on one data set, ${data.name}. Nothing here tells whether it is so elsewhere.`,
    ...imageError(study),
    'Step times and memory are of one machine, and of whatever else ran on it meanwhile. Parameters and multiply-adds are not.',
  ];
}

function missingRuns({ complete, runs, settings: { pools, seeds } }: Study): string[] {
  if (complete) return [];
  return [
    `The study isn’t finished: ${runs.length} of ${pools.length * seeds.length} runs are done, and all numbers are of those.`,
  ];
}

function fewSeeds({ comparisons, settings: { pools } }: Study): string[] {
  const tested = comparisons.flatMap(({ difference }) => (difference?.test ? [difference] : []));
  const tests = tested.flatMap(({ test }) => test ?? []);
  if (pools.length < 2) return [];
  if (tests.length === 0) {
    return ['One seed can’t tell a difference between poolings from one between two trainings of the same network.'];
  }
  const reach = median(tests.map(({ low, high }) => (high - low) / 2));
  const counts = tested.map(({ seeds }) => seeds);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return [
    `With ${least === most ? least : `${least} to ${most}`} seeds only large differences can be seen: a typical interval reaches ${(100 * reach).toFixed(1)} points to each side. “Can’t be told” doesn’t mean equal.`,
  ];
}

/** The standard error of a share of so many images, at the mean accuracy. */
function imageError({ comparisons, data: { testImages } }: Study): string[] {
  if (comparisons.length === 0) return [];
  const mean = comparisons.reduce((total, { accuracy }) => total + accuracy.mean, 0) / comparisons.length;
  const error = Math.sqrt((mean * (1 - mean)) / testImages);
  return [
    `${grouped(testImages)} test samples make a single accuracy uncertain by about ±${(196 * error).toFixed(1)} points, whatever the network; paired differences by less.`,
  ];
}
