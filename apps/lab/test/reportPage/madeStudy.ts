/**
 * @file A whole study with weights and test samples, made in a second: what its networks learnt is made up, from a seed, and so
 * the same on every machine. What a report shows of it doesn't depend on how a processor rounds.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Generator } from 'softgrad';
import { clips, type Dataset, shapes, waveforms } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { saveCheckpoint } from 'softgrad/train';
import { buildModel } from '../../src/study/buildRun.js';
import { compareRuns, conclusion } from '../../src/study/comparisons.js';
import { multiplyAdds } from '../../src/study/multiplyAdds.js';
import { planRuns, type RunPlan } from '../../src/study/runPlan.js';
import { type EpochRecord, encodePredictions, type RunResult, type TestRecord } from '../../src/study/runResult.js';
import type { FinishedStudy } from '../../src/study/runStudy.js';
import type { StudySettings } from '../../src/study/settings.js';
import type { Study, StudyTiming } from '../../src/study/study.js';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { settings } from '../support.js';

const KINDS = {
  shapes: { title: 'shapes', make: shapes, model: 'smallCnn' },
  waveforms: { title: 'waveforms', make: waveforms, model: 'waveformCnn' },
  clips: { title: 'clips', make: clips, model: 'resnet3d' },
} as const;

const EPOCHS = 8;
const TEST_SAMPLES = 400;

export interface MadeStudyOptions {
  readonly data: keyof typeof KINDS;
  /** What each pooling's test accuracies lie around. */
  readonly accuracies: Readonly<Record<string, number>>;
  readonly seeds: number;
}

export interface MadeStudy extends FinishedStudy {
  readonly test: Dataset;
}

/** Writes the weights of the first seed's runs into the folder; the first pooling is the baseline. */
export async function makeStudy(folder: string, options: MadeStudyOptions): Promise<MadeStudy> {
  const { title, make, model } = KINDS[options.data];
  const [train, test] = [make({ split: 'train', count: 16 }), make({ split: 'test', count: TEST_SAMPLES })];
  const pools = Object.keys(options.accuracies);
  const seeds = Array.from({ length: options.seeds }, (_, seed) => seed);
  const own: StudySettings = {
    ...{ ...settings, data: options.data, model, epochs: EPOCHS, augment: [] },
    ...{ pools, seeds, baseline: pools[0]! },
  };
  const plans = planRuns(own);
  const runs = plans.map((plan) => {
    const runFolder = StudyFolder.runName(plan);
    const result = runOf(plan, options.accuracies[plan.pool]!, own, test);
    return { ...result, folder: runFolder, weights: `${runFolder}/weights.safetensors` };
  });
  for (const plan of plans.filter(({ seed }) => seed === 0)) await saveWeights(folder, plan, own, train);
  const data = { name: title, trainImages: 4000, testImages: test.length, ...described(test) };
  const comparisons = compareRuns({ settings: own, data, runs });
  const study: Study = {
    ...{ format: 'softgrad-study', version: 2, softgrad: '0.1.0', arithmetic: 'wasm simd', settings: own, data, runs },
    ...{ comparisons, conclusion: conclusion(comparisons, own.baseline), complete: true },
  };
  return { study, timing: timingOf(plans), test };
}

function described({ classes, shape, labels }: Dataset): Pick<Study['data'], 'classes' | 'shape' | 'testLabels'> {
  return { classes: [...classes], shape: [...shape], testLabels: encodePredictions(labels) };
}

function runOf({ pool, seed }: RunPlan, accuracy: number, own: StudySettings, test: Dataset): RunResult {
  const record = testOf({ pool, seed }, accuracy, test);
  const model = buildModel(own, pool, { train: test });
  try {
    return {
      ...{ pool, seed, epochs: epochsOf(record, new Generator(`curve of ${pool} ${seed}`)), test: record },
      ...{ parameters: nn.countParameters(model), multiplyAdds: multiplyAdds(model, test.shape) },
    };
  } finally {
    model.dispose();
  }
}

/** Some samples are hard for all, some for one pooling, some for one run; a mistake is most often the next class. */
function testOf({ pool, seed }: RunPlan, accuracy: number, { labels, classes }: Dataset): TestRecord {
  const [forAll, forPool, forRun] = ['all', pool, `${pool} ${seed}`].map((name) => new Generator(`hard for ${name}`));
  const predictions = labels.map((label) => {
    const hardness = 0.6 * forAll!.uniform() + 0.28 * forPool!.uniform() + 0.12 * forRun!.uniform();
    if (hardness < quantileOfHardness(accuracy)) return label;
    return (label + (forRun!.uniform() < 0.7 ? 1 : 4)) % classes.length;
  });
  const confusion = classes.map(() => new Array<number>(classes.length).fill(0));
  labels.forEach((label, i) => {
    confusion[label]![predictions[i]!]! += 1;
  });
  const right = labels.filter((label, i) => label === predictions[i]).length / labels.length;
  return {
    ...{ loss: 2.3 * (1 - right) ** 0.8, accuracy: right, confusion, predictions: encodePredictions(predictions) },
    classAccuracy: confusion.map((row, label) => row[label]! / row.reduce((sum, count) => sum + count, 0)),
  };
}

/** Near enough for accuracies of .5 to .95: the sum of three uniform numbers is more often in its middle. */
function quantileOfHardness(share: number): number {
  return 0.5 + 0.62 * (share - 0.5);
}

function epochsOf({ loss, accuracy }: TestRecord, generator: Generator): EpochRecord[] {
  return Array.from({ length: EPOCHS }, (_, i) => {
    const left = Math.exp(-0.55 * (i + 1)) - Math.exp(-0.55 * EPOCHS);
    const noise = i === EPOCHS - 1 ? 0 : 0.02 * (generator.uniform() - 0.5);
    const own = { testLoss: loss + 2 * left - 2 * noise, testAccuracy: accuracy * (1 - left) + noise };
    return { loss: 0.85 * loss + 2.2 * left, accuracy: own.testAccuracy, ...own, lr: 0.1 };
  });
}

async function saveWeights(folder: string, plan: RunPlan, own: StudySettings, train: Dataset): Promise<void> {
  const model = buildModel(own, plan.pool, { train }, new Generator(plan.seed).fork('weights'));
  const { folder: place, weights } = new StudyFolder(folder).run(plan);
  await mkdir(path.resolve(place), { recursive: true });
  await saveCheckpoint(weights, model);
  model.dispose();
}

/** Each pooling a little slower than the one before it. */
function timingOf(plans: readonly RunPlan[]): StudyTiming {
  const pools = [...new Set(plans.map(({ pool }) => pool))];
  return {
    ...{ format: 'softgrad-timing', version: 1 },
    environment: {
      node: 'v20.20.0',
      backend: 'wasm simd, 2 threads',
      platform: 'linux x64',
      cpu: 'A processor',
      cores: 2,
    },
    runs: plans.map(({ pool, seed }) => {
      const place = pools.indexOf(pool);
      const epoch = { seconds: 12, millisecondsPerStep: 30 + 2.5 * place, peakTensorBytes: 54_200_000 };
      return { pool, seed, epochs: Array.from({ length: EPOCHS }, () => epoch) };
    }),
  };
}
