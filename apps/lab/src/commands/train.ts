/**
 * @file `softgrad train`: one network, from the first step to weights that travel, however often it is interrupted.
 */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command, Option } from 'commander';
import { backendInfo } from 'softgrad';
import * as nn from 'softgrad/nn';
import { interruptible } from '../interruptible.js';
import { oneOf, wholeNumber } from '../optionValues.js';
import { type Progress, silent, studyProgress } from '../report/progress.js';
import { runHeading, runSummary, runWhereabouts } from '../report/runReport.js';
import { loadStudyData, type StudyData } from '../study/datasets.js';
import { RunFolder, shown, WEIGHTS_FILE } from '../study/runFolder.js';
import type { RunResult } from '../study/runResult.js';
import type { RunSettings } from '../study/settings.js';
import { trainRun } from '../study/trainRun.js';
import { UsageError } from '../usageError.js';
import { type BackendOptions, backendOptions, chooseBackend } from './backendOptions.js';
import { type RecipeOptions, recipeOf, recipeOptions } from './recipeOptions.js';

interface TrainOptions extends RecipeOptions, BackendOptions {
  readonly pool: string;
  readonly seed: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  softgrad train --data shapes --pool soft
  softgrad train --data cifar10 --model resnet20 --pool soft --epochs 30 --out runs/r20
  softgrad train --resume --out runs/r20

The folder gets settings.json, a checkpoint at least once a minute, and at the end ${WEIGHTS_FILE} (PyTorch's names),
result.json and timing.json. A run that was interrupted or killed goes on with --resume, to the same bits; options need not
be repeated.`;

/** The command with its options. */
export function trainCommand(): Command {
  const pools = nn.poolNames();
  const command = new Command('train')
    .description('train one network')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .action(train);
  const options = [
    new Option('--pool <name>', pools.join(', ')).argParser(oneOf(pools)).default('soft', 'soft'),
    ...recipeOptions(),
    new Option('--seed <n>', 'what all randomness follows from').argParser(wholeNumber({ least: 0 })).default(0),
    new Option('--out <folder>', 'where everything goes (default: runs/<data>-<model>-<pool>-seed<n>)'),
    new Option('--resume', 'go on with the run in that folder, if there is one'),
    ...backendOptions(),
    new Option('--json', 'print result.json instead of the summary'),
    new Option('--quiet', 'print the summary alone'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

async function train(options: TrainOptions, command: Command): Promise<void> {
  const wanted: RunSettings = { ...recipeOf(options), pool: options.pool, seed: options.seed };
  const { data: name, model, pool, seed } = wanted;
  const folder = new RunFolder(options.out ?? path.join('runs', `${name}-${model}-${pool}-seed${seed}`));
  await chooseBackend(options);
  const settings = await settingsOf(folder, wanted, options, command);
  const data = await loadStudyData(settings, options.dataDir);
  const { json = false, quiet = json } = options;
  const { stdout, stderr } = process;
  const columns = stdout.columns ?? Number.POSITIVE_INFINITY;
  if (!quiet) stdout.write(runHeading(settings, data, backendInfo().description, columns));
  const start = performance.now();
  const progress = quiet
    ? silent
    : studyProgress({ ...settings, pools: [settings.pool], seeds: [settings.seed] }, stderr);
  const result = await trainVisibly(settings, data, folder, progress);
  const seconds = (performance.now() - start) / 1000;
  if (json && result) stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (!json && result) stdout.write(runSummary(result.test, data.test.classes, columns));
  if (!quiet) stdout.write(runWhereabouts(folder.folder, { finished: result !== undefined, seconds }));
}

/** The settings of the run in the folder, if it is to be resumed, else those wanted. */
async function settingsOf(
  folder: RunFolder,
  wanted: RunSettings,
  { resume = false }: TrainOptions,
  command: Command,
): Promise<RunSettings> {
  const existing = await folder.identity();
  if (!existing) return wanted;
  if (!resume) {
    throw new UsageError(`there is a run in ${folder.folder}; go on with it by --resume, or choose another --out`);
  }
  const { settings } = existing;
  const [before, now] = [new Map(Object.entries(settings)), new Map(Object.entries(wanted))];
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli' || !now.has(name)) continue;
    if (isDeepStrictEqual(before.get(name), now.get(name))) continue;
    throw new UsageError(
      `${option.long} is ${shown(now.get(name))}, but ${shown(before.get(name))} in the run in ${folder.folder}; ` +
        'leave it out, or choose another --out',
    );
  }
  return settings;
}

async function trainVisibly(
  settings: RunSettings,
  data: StudyData,
  folder: RunFolder,
  progress: Progress,
): Promise<RunResult | undefined> {
  try {
    return await interruptible(
      (signal) =>
        trainRun(settings, data, folder, {
          onResume: (event) => progress.resume(settings, event),
          onStep: (event) => progress.step(settings, event),
          onEpoch: (record) => progress.epoch(settings, record),
          signal,
        }),
      () => progress.stop(),
    );
  } finally {
    progress.stop();
  }
}
