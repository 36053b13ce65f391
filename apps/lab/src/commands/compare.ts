/**
 * @file `softgrad compare`: the same network, the same seeds, only the pooling differs.
 */
import path from 'node:path';
import { Command, Option } from 'commander';
import { backendInfo } from 'softgrad';
import * as nn from 'softgrad/nn';
import { interruptible } from '../interruptible.js';
import { oneLine } from '../oneLine.js';
import { listOf, oneOf, seedList, wholeNumber } from '../optionValues.js';
import { type Progress, silent, studyProgress } from '../report/progress.js';
import { heading, summary, unshown, whereabouts } from '../report/summary.js';
import { writeReport } from '../reportPage/writeReport.js';
import { arithmetic } from '../study/arithmetic.js';
import { loadStudyData, type StudyData } from '../study/datasets.js';
import { ProcessRunner } from '../study/processRunner.js';
import { localRunner, type StudyRunner } from '../study/runner.js';
import { type FinishedStudy, runStudy, StudyError } from '../study/runStudy.js';
import type { StudySettings } from '../study/settings.js';
import { StudyFolder, withKnownBaseline } from '../study/studyFolder.js';
import { type BackendOptions, backendOptions, chooseBackend, givenOptions } from './backendOptions.js';
import { poolingHelp } from './poolingHelp.js';
import { queueOption } from './queueOption.js';
import { type RecipeOptions, recipeOf, recipeOptions } from './recipeOptions.js';

/** The options as commander hands them over: settings, and what doesn't change the numbers. */
export interface CompareOptions extends RecipeOptions, BackendOptions {
  readonly pools: string[];
  readonly seeds: number[];
  readonly baseline?: string;
  readonly out?: string;
  readonly jobs: number;
  readonly queue?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly force?: boolean;
}

const examples = `
Examples:
  softgrad compare --data shapes --pools soft,max,avg
  softgrad compare --data cifar10 --model resnet8 --seeds 3
  softgrad compare --data mnist --data-dir ~/mnist --model smallCnn --augment none --epochs 2

For one seed every pooling starts from the same weights and sees the same images in the same order. The table gives the
mean test accuracy over seeds with its 95 % interval, and paired differences to the baseline. A study that was interrupted
or killed goes on when the command is repeated, to the same bits; finished runs are never repeated. Poolings and seeds may
be added later. report.html and report.md beside study.json show what was found; softgrad report makes them anew.`;

/** The command with its options. */
export function compareCommand(): Command {
  const pools = nn.poolNames();
  const command = new Command('compare')
    .description('train one network with several poolings and compare them')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `${examples}\n\n${poolingHelp()}`)
    .action(compare);
  const options = [
    new Option('--pools <names>', `pooling layers: ${pools.join(', ')}`)
      .argParser(listOf(pools))
      .default(['soft', 'max', 'avg'], 'soft,max,avg'),
    new Option('--baseline <pool>', 'what the others are compared with (default: max, or the first)').argParser(
      oneOf(pools),
    ),
    ...recipeOptions(),
    new Option('--seeds <n|list>', 'how many seeds, or which: 3, or 4,7').argParser(seedList).default([0], '1'),
    new Option('--out <folder>', 'where the report, study.json and the runs go (default: runs/<data>-<model>)'),
    new Option('--jobs <n>', 'runs at a time, each in a process of its own')
      .argParser(wholeNumber({ most: 64 }))
      .default(1),
    queueOption(),
    new Option('--force', 'begin anew in that folder'),
    ...backendOptions(),
    new Option('--json', 'print study.json instead of the table'),
    new Option('--quiet', 'print the table alone'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

async function compare(options: CompareOptions): Promise<void> {
  const { force = false, json = false, quiet = json } = options;
  const wanted = compareSettings(options);
  const folder = new StudyFolder(options.out ?? path.join('runs', `${wanted.data}-${wanted.model}`));
  await chooseBackend(options);
  const open = () => folder.open(wanted, arithmetic(), options.baseline !== undefined);
  const settings = force ? withKnownBaseline(wanted) : await open();
  const data = await loadStudyData(settings, options.dataDir);
  const progress = quiet ? silent : studyProgress(wanted, process.stderr);
  const runner = await runnerOf(options, wanted, data, (line) => progress.note(oneLine(line)));
  try {
    if (force) {
      // Only now: all that the new study needs is there.
      await folder.clear();
      await open();
    }
    await runAndShow({ settings, wanted, runner }, data, folder, progress, { json, quiet });
  } finally {
    await runner.close();
  }
}

interface Start {
  readonly settings: StudySettings;
  readonly wanted: StudySettings;
  readonly runner: StudyRunner;
}

async function runAndShow(
  start: Start,
  data: StudyData,
  folder: StudyFolder,
  progress: Progress,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): Promise<void> {
  const { stdout, stderr } = process;
  const columns = stdout.columns ?? Number.POSITIVE_INFINITY;
  const before = (await folder.study())?.runs.length ?? 0;
  if (!quiet) stdout.write(heading(start.settings, data, backendInfo().description, columns));
  const begin = performance.now();
  const { finished, interrupted, failure } = await runVisibly(start, data, folder, progress);
  const seconds = (performance.now() - begin) / 1000;
  stdout.write(json ? `${JSON.stringify(finished.study, null, 2)}\n` : summary(finished, columns));
  if (finished.study.runs.length > 0) stderr.write(unshown(await writeReport(folder.folder, finished, data.test)));
  if (!quiet) stdout.write(whereabouts(finished.study, { folder: folder.folder, before, seconds, interrupted }));
  if (failure) throw failure;
}

/** The options that decide the numbers, with the defaults that depend on others. */
export function compareSettings(options: CompareOptions): StudySettings {
  const { pools, seeds } = options;
  const baseline = options.baseline ?? (pools.includes('max') ? 'max' : (pools[0] ?? 'max'));
  return { ...recipeOf(options), pools, baseline, seeds };
}

/** One run needs no process of its own; each uses all processors as it is. The queue's libraries are loaded for it alone. */
async function runnerOf(
  { jobs, dataDir, backend, threads, variant, queue, force = false }: CompareOptions,
  wanted: StudySettings,
  data: StudyData,
  say: (line: string) => void,
): Promise<StudyRunner> {
  if (queue !== undefined) {
    const { queueAddress } = await import('../queue/queueAddress.js');
    const { QueueRunner } = await import('../queue/queueRunner.js');
    const [address, runs] = [queueAddress(queue), wanted.pools.length * wanted.seeds.length];
    return QueueRunner.open({ address, data, backend: givenOptions({ backend, variant }), runs, anew: force, say });
  }
  if (jobs === 1) return localRunner(data);
  return new ProcessRunner({ jobs, dataDir, backend: givenOptions({ backend, threads, variant }) });
}

interface Ending {
  readonly finished: FinishedStudy;
  readonly interrupted: boolean;
  /** Of runs that aren't among the finished ones. */
  readonly failure?: StudyError;
}

/** Runs the study and shows how far it is. */
async function runVisibly(
  { settings, wanted, runner }: Start,
  data: StudyData,
  folder: StudyFolder,
  progress: Progress,
): Promise<Ending> {
  try {
    return await interruptible(
      async (signal) => {
        const finished = await runStudy({ settings, wanted }, data, folder, runner, {
          onResume: (plan, event) => progress.resume(plan, event),
          onSkip: (plan) => progress.skip(plan),
          onStep: (plan, event, steps) => progress.step(plan, event, steps),
          onEpoch: (plan, record) => progress.epoch(plan, record),
          onFailure: ({ message }, goesOn) => {
            if (goesOn) progress.note(oneLine(`${message}; the other runs go on`));
          },
          signal,
        });
        return { finished, interrupted: signal.aborted };
      },
      () => progress.stop(),
    );
  } catch (error) {
    if (error instanceof StudyError) return { finished: error.finished, interrupted: false, failure: error };
    throw error;
  } finally {
    progress.stop();
  }
}
