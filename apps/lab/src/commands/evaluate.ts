/**
 * @file `softgrad evaluate`: how well trained weights do on a data set.
 */
import { Argument, Command, Option } from 'commander';
import { backendInfo } from 'softgrad';
import { type Batch, DataLoader, type Dataset } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { evaluate } from 'softgrad/train';
import { oneOf, wholeNumber } from '../optionValues.js';
import { bar as barOf } from '../report/bar.js';
import { countBar } from '../report/countBar.js';
import { grouped } from '../report/format.js';
import { runSummary, testHeading } from '../report/runReport.js';
import { loadStudyData } from '../study/datasets.js';
import type { TestRecord } from '../study/runResult.js';
import { DATA_NAMES, type DataName, MODEL_NAMES, type ModelName } from '../study/settings.js';
import { testRecordOf } from '../study/trainRun.js';
import { weightsFile } from '../study/weightsFile.js';
import { checkData, fittingModel, overrideNote, type Weights } from '../study/weightsFit.js';
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

Weights that softgrad wrote know their network and their data; those of other programs need --model, --pool and --data.
--model and --pool may say something else than the file, and a note tells it; --data must have the classes that the file names.`;

const BAR_WIDTH = 24;

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

async function evaluateWeights(place: string, options: EvaluateOptions): Promise<void> {
  await chooseBackend(options);
  const file = await weightsFile(place);
  const weights = { file, description: await readWeightsMetadata(file) };
  const subject = subjectOf(weights, options);
  // The file's own network isn't the option's fault: whether it fits, its data tell.
  const { test } = await loadStudyData({ ...subject, model: options.model }, options.dataDir);
  checkData(weights, test, options.data);
  const { model, pool, data } = subject;
  const network = { model, pool, classes: test.classes, shape: test.shape };
  const built = await fittingModel(weights, network, [`--model ${model}`, `--pool ${pool}`, `--data ${data}`]);
  try {
    const note = overrideNote(weights, network);
    if (note !== undefined) process.stderr.write(`${note}\n`);
    await testAndShow(built, subject, test, options);
  } finally {
    built.dispose();
  }
}

async function testAndShow(
  model: nn.Module,
  subject: Subject,
  test: Dataset,
  { json = false, batchSize }: EvaluateOptions,
): Promise<void> {
  const { stdout } = process;
  const columns = stdout.columns ?? Number.POSITIVE_INFINITY;
  if (!json) stdout.write(testHeading(subject, test.length, backendInfo().description, columns));
  const record = await recordOf(model, new DataLoader(test, { batchSize }), json);
  const report = { ...subject, images: test.length, classes: test.classes, ...record };
  stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : runSummary(record, test.classes, columns));
}

/** Tests, and unless `quiet` shows on a terminal how far it is. */
async function recordOf(model: nn.Module, loader: DataLoader, quiet: boolean): Promise<TestRecord> {
  const total = loader.dataset.length;
  const line = (done: number): string =>
    `  testing  ${barOf(done / total, BAR_WIDTH)}  ${grouped(done)} of ${grouped(total)}`;
  const bar = quiet ? undefined : countBar({ total, line });
  try {
    const batches = counted(loader, (done) => bar?.update(done));
    return testRecordOf(await evaluate(model, batches, { confusion: true, predictions: true }));
  } finally {
    bar?.stop();
  }
}

/** The same batches; `onDone` hears how many samples are through when the next one is asked for. */
function* counted(batches: Iterable<Batch>, onDone: (samples: number) => void): Iterable<Batch> {
  let done = 0;
  for (const batch of batches) {
    yield batch;
    done += batch.labels.length;
    onDone(done);
  }
}

function subjectOf({ file, description }: Weights, options: EvaluateOptions): Subject {
  const known = description?.settings;
  const { model = known?.model, pool = known?.pool, data = known?.data } = options;
  if (model === undefined || pool === undefined || data === undefined) {
    const missing = Object.entries({ model, pool, data }).flatMap(([name, value]) => (value ? [] : [`--${name}`]));
    throw new UsageError(`${file} doesn't say what it is of; give ${missing.join(', ')}`);
  }
  const isSame = data === known?.data;
  const { testLimit = isSame ? known?.testLimit : undefined } = options;
  return { file, model, pool, data, limit: isSame ? known?.limit : undefined, testLimit };
}
