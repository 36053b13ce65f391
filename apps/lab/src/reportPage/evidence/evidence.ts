/**
 * @file What can only be shown with a study's weights and test samples at hand. All of it is recomputed, so `study.json` needn't
 * hold it, and the same files always give the same.
 */
import { DataLoader, type Dataset, subset } from 'softgrad/data';
import { encodePredictions } from '../../study/runResult.js';
import type { Study } from '../../study/study.js';
import { chooseExamples, type Examples, typicalSample } from './examples.js';
import { type FilterBank, firstFilters } from './firstFilters.js';
import { type PoolingMaps, poolingMaps } from './poolingMaps.js';
import { shownRuns, withTrainedNetwork } from './trainedNetwork.js';

/** How many of each kind. */
const EXAMPLES = 12;

/** A look into one network. */
export interface Inside {
  readonly pool: string;
  readonly seed: number;
  readonly filters: FilterBank | undefined;
  /** None where the test samples are missing. */
  readonly maps: readonly PoolingMaps[];
}

export interface Evidence {
  /** The test samples, if they are at hand. */
  readonly test: Dataset | undefined;
  /** The sample whose maps are shown. */
  readonly sample: number;
  readonly examples: Examples;
  /** One network of each pooling, in the order of the settings; those without weights are missing. */
  readonly insides: readonly Inside[];
  /** What couldn't be shown, and why. */
  readonly missing: readonly string[];
}

/**
 * @param folder of the study
 * @param test its test samples, or why they aren't at hand
 */
export async function gatherEvidence(study: Study, folder: string, test: Dataset | Error): Promise<Evidence> {
  const [samples, missing] = checkedSamples(study, test);
  const sample = typicalSample(study);
  const insides: Inside[] = [];
  for (const plan of shownRuns(study)) {
    try {
      insides.push(await withTrainedNetwork(study, folder, plan, (model) => insideOf(model, plan, samples, sample)));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      missing.push(`the inside of ${plan.pool}, seed ${plan.seed}: ${error.message}`);
    }
  }
  return { test: samples, sample, examples: chooseExamples(study, EXAMPLES), insides, missing };
}

async function insideOf(
  model: Parameters<typeof firstFilters>[0],
  { pool, seed }: Pick<Inside, 'pool' | 'seed'>,
  samples: Dataset | undefined,
  sample: number,
): Promise<Inside> {
  const filters = await firstFilters(model);
  if (!samples) return { pool, seed, filters, maps: [] };
  const [batch] = new DataLoader(subset(samples, [sample]), { batchSize: 1 });
  if (!batch) return { pool, seed, filters, maps: [] };
  try {
    return { pool, seed, filters, maps: await poolingMaps(model, batch.x) };
  } finally {
    batch.x.dispose();
  }
}

/** Only the study's own samples may stand beside its predictions. */
function checkedSamples(
  { data, settings }: Study,
  test: Dataset | Error,
): [samples: Dataset | undefined, missing: string[]] {
  if (test instanceof Error) return [undefined, [`the test samples: ${test.message}`]];
  const same =
    encodePredictions(test.labels) === data.testLabels &&
    test.shape.join() === data.shape.join() &&
    test.classes.join() === data.classes.join();
  return same
    ? [test, []]
    : [
        undefined,
        [`the test samples: those of ${settings.data} at hand aren’t the ones that the study was tested with`],
      ];
}
