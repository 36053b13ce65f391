/**
 * @file `softgrad compare`: the same network, the same seeds, only the pooling differs.
 */
import path from 'node:path';
import { Command, Option } from 'commander';
import { type BackendName, backendInfo, backends, setBackend } from 'softgrad';
import * as nn from 'softgrad/nn';
import { interruptible } from '../interruptible.js';
import { decimalNumber, listOf, oneOf, seedList, wholeNumber } from '../optionValues.js';
import { type Progress, silent, studyProgress } from '../report/progress.js';
import { heading, summary, whereabouts } from '../report/summary.js';
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
import { prepareFolder, writeStudy } from '../study/studyFile.js';
import { UsageError } from '../usageError.js';

/** The options as commander hands them over: settings, and what doesn't change the numbers. */
interface CompareOptions extends Omit<StudySettings, 'baseline' | 'augment'> {
  readonly baseline?: string;
  readonly augment?: StudySettings['augment'] | 'none';
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: BackendName;
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
    new Option('--model <name>', MODEL_NAMES.join(', ')).argParser(oneOf(MODEL_NAMES)).default('resnet8', 'resnet8'),
    new Option('--data <name>', DATA_NAMES.join(', ')).argParser(oneOf(DATA_NAMES)).default('shapes', 'shapes'),
    new Option('--limit <n>', 'training images; test images in proportion, at least 1000').argParser(wholeNumber()),
    new Option('--test-limit <n>', 'test images').argParser(wholeNumber()),
    new Option('--epochs <n>', 'passes over the training images').argParser(wholeNumber()).default(5),
    new Option('--seeds <n|list>', 'how many seeds, or which: 3, or 4,7').argParser(seedList).default([0], '1'),
    new Option('--batch-size <n>', 'images per step').argParser(wholeNumber()).default(64),
    new Option('--optimizer <name>', OPTIMIZER_NAMES.join(', '))
      .argParser(oneOf(OPTIMIZER_NAMES))
      .default('sgd', 'sgd'),
    new Option('--lr <rate>', 'the highest learning rate').argParser(decimalNumber()).default(0.1),
    new Option('--weight-decay <rate>', 'pull of the weights towards 0').argParser(decimalNumber()).default(5e-4),
    new Option('--schedule <name>', SCHEDULE_NAMES.join(', '))
      .argParser(oneOf(SCHEDULE_NAMES))
      .default('oneCycle', 'oneCycle'),
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
  await chooseBackend(options);
  const kept = await prepareFolder(folder, settings, options.force ?? false);
  const data = await loadStudyData(settings, options.dataDir);
  const { json = false, quiet = json } = options;
  const { stdout, stderr } = process;
  const columns = stdout.columns ?? Number.POSITIVE_INFINITY;
  if (!quiet) stdout.write(heading(settings, data, backendInfo().description, columns));
  const start = performance.now();
  const progress = quiet ? silent : studyProgress(settings, stderr);
  const study = await runAndSave(settings, data, { folder, kept, progress });
  const seconds = (performance.now() - start) / 1000;
  stdout.write(json ? `${JSON.stringify(study, null, 2)}\n` : summary(study, columns));
  if (!quiet) stdout.write(whereabouts(study, { folder, kept, seconds }));
}

/** The options that decide the numbers, with the defaults that depend on others. */
function settingsOf(options: CompareOptions): StudySettings {
  const { pools, data } = options;
  const baseline = options.baseline ?? (pools.includes('max') ? 'max' : (pools[0] ?? 'max'));
  if (!pools.includes(baseline)) {
    throw new UsageError(`--baseline ${baseline} is not among the --pools; allowed: ${pools.join(', ')}`);
  }
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
  const name = backend ?? backendInfo().backend;
  if (threads !== undefined && name !== 'wasm') {
    throw new UsageError(`--threads ${threads} doesn't go with the ${name} backend; allowed with: wasm`);
  }
  if (backend !== undefined || threads !== undefined) {
    await setBackend(name, threads === undefined ? undefined : { threads });
  }
}

/** Runs the study, shows how far it is, and saves it after every run, unless the one in the folder has more of them. */
async function runAndSave(
  settings: StudySettings,
  data: StudyData,
  { folder, kept, progress }: { folder: string; kept: number; progress: Progress },
): Promise<Study> {
  try {
    return await interruptible(
      (signal) =>
        runStudy(settings, data, {
          onStep: (plan, event) => progress.step(plan, event),
          onEpoch: (plan, record) => progress.epoch(plan, record),
          onResult: async (study) => {
            if (study.runs.length >= kept) await writeStudy(folder, study);
          },
          signal,
        }),
      () => progress.stop(),
    );
  } finally {
    progress.stop();
  }
}
