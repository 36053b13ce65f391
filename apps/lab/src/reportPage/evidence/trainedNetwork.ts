/**
 * @file The networks of a study, from the weights that its runs left.
 */
import type * as nn from 'softgrad/nn';
import { loadCheckpoint } from 'softgrad/train';
import { buildModel } from '../../study/buildRun.js';
import type { RunPlan } from '../../study/runPlan.js';
import type { Study } from '../../study/study.js';
import { StudyFolder } from '../../study/studyFolder.js';

/**
 * Loads the network of a run, hands it to `body`, and frees it.
 *
 * @param folder of the study
 * @throws Error if the weights aren't there, are damaged, or aren't those of such a network
 */
export async function withTrainedNetwork<T>(
  { settings, data }: Pick<Study, 'settings' | 'data'>,
  folder: string,
  plan: RunPlan,
  body: (model: nn.Module) => Promise<T>,
): Promise<T> {
  const model = buildModel(settings, plan.pool, { train: data });
  try {
    await loadCheckpoint(new StudyFolder(folder).run(plan).weights, model);
    model.eval();
    return await body(model);
  } finally {
    model.dispose();
  }
}

/** The run of each pooling whose weights are looked at: all of one seed where there is one that all have. */
export function shownRuns({ runs, settings }: Pick<Study, 'settings' | 'runs'>): RunPlan[] {
  const pools = settings.pools.filter((pool) => runs.some((run) => run.pool === pool));
  const has = (pool: string, seed: number): boolean => runs.some((run) => run.pool === pool && run.seed === seed);
  const common = settings.seeds.find((seed) => pools.every((pool) => has(pool, seed)));
  return pools.flatMap((pool) => {
    const seed = common ?? settings.seeds.find((candidate) => has(pool, candidate));
    return seed === undefined ? [] : [{ pool, seed }];
  });
}
