/**
 * @file `softgrad compare`: the same network, the same seeds, only the pooling differs.
 */
import path from 'node:path';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { backendInfo, backends, setBackend } from 'softgrad';
import * as nn from 'softgrad/nn';
import { decimalNumber, listOf, oneOf, seedList, wholeNumber } from '../optionValues.js';
import { comparisonRows, verdict } from '../report/comparison.js';
import { duration, grouped } from '../report/format.js';
import { type Progress, silent, studyProgress } from '../report/progress.js';
import { comparisonTable } from '../report/table.js';
import { loadStudyData, type StudyData } from '../study/datasets.js';
import { runStudy } from '../study/runStudy.js';
import {
  AUGMENT_NAMES,
  DATA_NAMES,
  MODEL_NAMES,
  OPTIMIZER_NAMES,
  SCHEDULE_NAMES,
  type Study,
  type StudySettings,
} from '../study/study.js';
import { prepareFolder, STUDY_FILE, writeStudy } from '../study/studyFile.js';
import { UsageError } from '../usageError.js';

/** The options as commander hands them over: settings, and what doesn't change the numbers. */
interface CompareOptions extends Omit<StudySettings, 'baseline' | 'augment'> {
  readonly baseline?: string;
  readonly augment?: StudySettings['augment'] | 'none';
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly force?: boolean;
}

const examples = `
Examples:
  softgrad compare --data shapes --pools soft,max,avg
  softgrad compare --data cifar10 --data-dir ~/cifar-10-batches-bin --model resnet8 --seeds 3
  softgrad compare --data mnist --data-dir ~/mnist --model smallCnn --augment none --epochs 2

For one seed every pooling starts from the same weights and sees the same images in the same order. The table gives the
mean test accuracy over seeds with its 95 % interval, and paired differences to the baseline.`;

/** The command with its options. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('train one network with several poolings and compare them')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .action(compare);
  for (const option of [...studyOptions(), ...runOptions()]) command.addOption(option);
  return command;
}

/** What decides the numbers. */
function studyOptions(): Option[] {
  const pools = nn.poolNames();
  return [
    new Option('--pools <names>', `pooling layers: ${pools.join(', ')}`)
      .argParser(listOf(pools))
      .default(['soft', 'max', 'avg'], 'soft,max,avg'),
    new Option('--baseline <pool>', 'what the others are compared with (default: max, or the first)').argParser(
      oneOf(pools),
    ),
    new Option('--model <name>', MODEL_NAMES.join(', ')).argParser(oneOf(MODEL_NAMES)).default('resnet8'),
    new Option('--data <name>', DATA_NAMES.join(', ')).argParser(oneOf(DATA_NAMES)).default('shapes'),
    new Option('--limit <n>', 'use that many training images, and test images in proportion').argParser(wholeNumber()),
    new Option('--test-limit <n>', 'use that many test images').argParser(wholeNumber()),
    new Option('--epochs <n>', 'passes over the training images').argParser(wholeNumber()).default(5),
    new Option('--seeds <n|list>', 'how many seeds, or which: 3, or 4,7').argParser(seedList).default([0], '1'),
    new Option('--batch-size <n>', 'images per step').argParser(wholeNumber()).default(64),
    new Option('--optimizer <name>', OPTIMIZER_NAMES.join(', ')).argParser(oneOf(OPTIMIZER_NAMES)).default('sgd'),
    new Option('--lr <rate>', 'the highest learning rate').argParser(decimalNumber()).default(0.1),
    new Option('--weight-decay <rate>', 'pull of the weights towards 0').argParser(decimalNumber()).default(5e-4),
    new Option('--schedule <name>', SCHEDULE_NAMES.join(', ')).argParser(oneOf(SCHEDULE_NAMES)).default('oneCycle'),
    new Option('--label-smoothing <s>', 'share of the target spread over all classes')
      .argParser(decimalNumber({ most: 1 }))
      .default(0),
    new Option(
      '--augment <names>',
      `${AUGMENT_NAMES.join(', ')}, or none (default: crop,flip; for mnist crop)`,
    ).argParser(augmentNames),
  ];
}

/** What decides where and how it runs. */
function runOptions(): Option[] {
  return [
    new Option('--data-dir <folder>', 'where the files of cifar10, cifar100 or mnist lie'),
    new Option('--out <folder>', 'where study.json goes (default: runs/<data>-<model>)'),
    new Option('--force', 'replace a study with other settings in that folder'),
    new Option('--backend <name>', backends().join(', ')).argParser(oneOf(backends())),
    new Option('--threads <n>', 'threads of the wasm backend').argParser(wholeNumber({ most: 64 })),
    new Option('--json', 'print study.json instead of the table'),
    new Option('--quiet', 'print the table alone'),
  ];
}

function augmentNames(text: string): StudySettings['augment'] | 'none' {
  return text === 'none' ? 'none' : listOf(AUGMENT_NAMES)(text);
}

async function compare(options: CompareOptions): Promise<void> {
  const settings = settingsOf(options);
  const folder = options.out ?? path.join('runs', `${settings.data}-${settings.model}`);
  await prepareFolder(folder, settings, options.force ?? false);
  await chooseBackend(options);
  const data = await loadStudyData(settings, options.dataDir);
  const quiet = (options.quiet ?? false) || (options.json ?? false);
  if (!quiet) process.stdout.write(`${heading(settings, data)}\n`);
  const start = performance.now();
  const study = await interruptible((signal) => {
    const progress = quiet ? silent : studyProgress(settings, process.stderr);
    return runWithProgress(settings, data, { folder, progress, signal });
  });
  const seconds = (performance.now() - start) / 1000;
  if (options.json) process.stdout.write(`${JSON.stringify(study, null, 2)}\n`);
  else process.stdout.write(summary(study, folder, quiet ? undefined : seconds));
  if (!study.complete) process.exitCode = 130;
}

/** The options that decide the numbers, with the defaults that depend on others. */
function settingsOf(options: CompareOptions): StudySettings {
  const { pools, data } = options;
  const baseline = options.baseline ?? (pools.includes('max') ? 'max' : (pools[0] ?? 'max'));
  if (!pools.includes(baseline)) throw new UsageError(`--baseline ${baseline} is not among --pools ${pools.join(',')}`);
  const { augment = data === 'mnist' ? ['crop'] : ['crop', 'flip'] } = options;
  return {
    data,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.testLimit === undefined ? {} : { testLimit: options.testLimit }),
    model: options.model,
    pools,
    baseline,
    seeds: options.seeds,
    epochs: options.epochs,
    batchSize: options.batchSize,
    optimizer: options.optimizer,
    lr: options.lr,
    weightDecay: options.weightDecay,
    schedule: options.schedule,
    labelSmoothing: options.labelSmoothing,
    augment: augment === 'none' ? [] : augment,
  };
}

async function chooseBackend({ backend, threads }: CompareOptions): Promise<void> {
  const name = backends().find((known) => known === (backend ?? backendInfo().backend));
  if (threads !== undefined && name !== 'wasm')
    throw new UsageError(`--threads is for the wasm backend, not for ${name}`);
  if (name && (backend !== undefined || threads !== undefined)) {
    await setBackend(name, threads === undefined ? undefined : { threads });
  }
}

/** Runs `body` with a signal that the first Ctrl-C gives; the second one ends the program as usual. */
async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await body(controller.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Shows progress, and saves the study after every run. */
async function runWithProgress(
  settings: StudySettings,
  data: StudyData,
  { folder, progress, signal }: { folder: string; progress: Progress; signal: AbortSignal },
): Promise<Study> {
  try {
    return await runStudy(settings, data, {
      onStep: (plan, event) => progress.step(plan, event),
      onEpoch: (plan, record) => progress.epoch(plan, record),
      onResult: (study) => writeStudy(folder, study),
      signal,
    });
  } finally {
    progress.stop();
  }
}

function heading({ model, data, baseline }: StudySettings, { train, test }: StudyData): string {
  const images = `${grouped(train.length)} train, ${grouped(test.length)} test`;
  return `${pc.bold(`${model} on ${data}`)} · ${images} · ${backendInfo().description} · baseline ${baseline}`;
}

function summary(study: Study, folder: string, seconds: number | undefined): string {
  const { baseline, pools, seeds } = study.settings;
  const rows = comparisonRows(study);
  const took = seconds === undefined ? '' : `, after ${duration(seconds)}`;
  const lines = [
    ...(rows.length > 0 ? ['', comparisonTable(rows, baseline), '', `  ${verdict(rows, baseline)}`] : []),
    ...(study.complete ? [] : [`  Interrupted: ${study.runs.length} of ${pools.length * seeds.length} runs are done.`]),
    ...(study.runs.length > 0 ? [`  ${STUDY_FILE} in ${folder}${took}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
