/**
 * @file `softgrad evaluate`: how well trained weights do on a data set.
 */
import { Argument, Command, Option } from 'commander';
import { backendInfo } from 'softgrad';
import { DataLoader, type Dataset } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { evaluate, loadCheckpoint } from 'softgrad/train';
import { oneOf, wholeNumber } from '../optionValues.js';
import { runSummary, testHeading } from '../report/runReport.js';
import { buildModel } from '../study/buildRun.js';
import { loadStudyData } from '../study/datasets.js';
import { DATA_NAMES, type DataName, MODEL_NAMES, type ModelName } from '../study/settings.js';
import { testRecordOf } from '../study/trainRun.js';
import { weightsFile } from '../study/weightsFile.js';
import { readWeightsMetadata } from '../study/weightsMetadata.js';
import { UsageError } from '../usageError.js';
import { type BackendOptions, backendOptions, chooseBackend } from './backendOptions.js';

interface EvaluateOptions extends BackendOptions {
  readonly data?: DataName;
  readonly dataDir?: string;
  readonly testLimit?: number;
  readonly model?: ModelName;
  readonly pool?: string;
  readonly batchSize: number;
  readonly json?: boolean;
}

const examples = `
Examples:
  softgrad evaluate runs/r20
  softgrad evaluate runs/r20/checkpoint.safetensors --data-dir ~/cifar-10-batches-bin
  softgrad evaluate weights-from-pytorch.safetensors --model resnet20 --pool max --data cifar10

Weights that softgrad wrote know their network and their data; those of other programs need --model, --pool and --data.`;

/** The command with its options. */
export function evaluateCommand(): Command {
  const pools = nn.poolNames();
  const command = new Command('evaluate')
    .description('test a trained network')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .addArgument(
      new Argument('<weights>', 'a safetensors file, the folder of a run, or a name that softgrad models lists'),
    )
    .action(evaluateWeights);
  const options = [
    new Option('--data <name>', `${DATA_NAMES.join(', ')} (default: what it was trained on)`).argParser(
      oneOf(DATA_NAMES),
    ),
    new Option(
      '--data-dir <folder>',
      'where the files of cifar10, cifar100 or mnist lie (default: where fetch puts them)',
    ),
    new Option('--test-limit <n>', 'test images (default: as in training)').argParser(wholeNumber()),
    new Option('--model <name>', `${MODEL_NAMES.join(', ')} (default: what the file says)`).argParser(
      oneOf(MODEL_NAMES),
    ),
    new Option('--pool <name>', `${pools.join(', ')} (default: what the file says)`).argParser(oneOf(pools)),
    new Option('--batch-size <n>', 'images at once').argParser(wholeNumber()).default(128),
    ...backendOptions(),
    new Option('--json', 'print the numbers as JSON'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** What is tested, from the file and the options. */
interface Subject {
  readonly file: string;
  readonly model: ModelName;
  readonly pool: string;
  readonly data: DataName;
  readonly limit?: number | undefined;
  readonly testLimit?: number | undefined;
}

async function evaluateWeights(weights: string, options: EvaluateOptions): Promise<void> {
  await chooseBackend(options);
  const subject = await subjectOf(await weightsFile(weights), options);
  const { train, test } = await loadStudyData(subject, options.dataDir);
  const { stdout } = process;
  const columns = stdout.columns ?? Number.POSITIVE_INFINITY;
  if (!options.json) stdout.write(testHeading(subject, test.length, backendInfo().description, columns));
  const record = await testOf(subject, { train, test }, options.batchSize);
  const report = { ...subject, images: test.length, classes: test.classes, ...record };
  stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : runSummary(record, test.classes, columns));
}

async function testOf(subject: Subject, data: { train: Dataset; test: Dataset }, batchSize: number) {
  const model = buildModel(subject, subject.pool, data);
  try {
    await loadCheckpoint(subject.file, model);
    const loader = new DataLoader(data.test, { batchSize });
    return testRecordOf(await evaluate(model, loader, { confusion: true, predictions: true }));
  } finally {
    model.dispose();
  }
}

async function subjectOf(file: string, options: EvaluateOptions): Promise<Subject> {
  const known = (await readWeightsMetadata(file))?.settings;
  const { model = known?.model, pool = known?.pool, data = known?.data } = options;
  if (model === undefined || pool === undefined || data === undefined) {
    const missing = Object.entries({ model, pool, data }).flatMap(([name, value]) => (value ? [] : [`--${name}`]));
    throw new UsageError(`${file} doesn't say what it is of; give ${missing.join(', ')}`);
  }
  const isSame = data === known?.data;
  const { testLimit = isSame ? known?.testLimit : undefined } = options;
  return { file, model, pool, data, limit: isSame ? known?.limit : undefined, testLimit };
}
