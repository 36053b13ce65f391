/**
 * @file `softgrad export`: trained weights for other programs.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { exportOnnx, writeFileAtomically } from 'softgrad/io';
import * as nn from 'softgrad/nn';
import { saveCheckpoint } from 'softgrad/train';
import { oneOf, wholeNumber } from '../optionValues.js';
import { MODEL_NAMES, type ModelName } from '../study/settings.js';
import { weightsFile } from '../study/weightsFile.js';
import { fittingModel, type Network, overrideNote, type Weights } from '../study/weightsFit.js';
import { MOST_CLASSES, readWeightsMetadata, sampleShape, weightsMetadata } from '../study/weightsMetadata.js';
import { UsageError } from '../usageError.js';

interface ExportOptions {
  readonly weights: string;
  readonly onnx?: string;
  readonly safetensors?: string;
  readonly model?: ModelName;
  readonly pool?: string;
  readonly classes?: number;
  readonly shape?: readonly number[];
  readonly batch?: number;
  readonly force?: boolean;
}

const examples = `
Examples:
  softgrad export --weights runs/r20 --onnx r20.onnx
  softgrad export --weights runs/r20/checkpoint.safetensors --safetensors r20.safetensors
  softgrad export --weights from-pytorch.safetensors --model resnet20 --pool max --classes 10 --shape 3,32,32 --onnx r20.onnx

--pool, --model and --shape may say something else than the file: the network then computes so, a note tells it, and the metadata
still have the run as it was trained.

The ONNX file (opset 17) computes logits from normalised inputs; how they are normalised and the names of the classes stand in its
metadata. The safetensors file has PyTorch's names. docs/weights.md shows both in use.`;

/** The command with its options. */
export function exportCommand(): Command {
  const pools = nn.poolNames();
  const command = new Command('export')
    .description('write trained weights as ONNX or safetensors')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .action(exportWeights);
  const options = [
    new Option(
      '--weights <file>',
      'a safetensors file, the folder of a run, or a name that softgrad models lists',
    ).makeOptionMandatory(),
    new Option('--onnx <file>', 'write the network as ONNX'),
    new Option('--safetensors <file>', 'write the weights alone'),
    new Option('--model <name>', `${MODEL_NAMES.join(', ')} (default: what the file says)`).argParser(
      oneOf(MODEL_NAMES),
    ),
    new Option('--pool <name>', `${pools.join(', ')} (default: what the file says)`).argParser(oneOf(pools)),
    new Option('--classes <n>', 'how many classes (default: what the file says)').argParser(
      wholeNumber({ most: MOST_CLASSES }),
    ),
    new Option('--shape <sizes>', 'of one input: 3,32,32 (default: what the file says)').argParser(sizes),
    new Option('--batch <n>', 'fix the size of the batch in the ONNX file (default: any)').argParser(wholeNumber()),
    new Option('--force', 'replace files that are there'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** Channels and spatial sizes. */
function sizes(text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length < 2 || parts.length > 4 || !parts.every((part) => /^[1-9]\d{0,8}$/.test(part))) {
    throw new InvalidArgumentError('It must be channels and one to three sizes, such as 3,32,32.');
  }
  const { data, error } = sampleShape.safeParse(parts.map(Number));
  if (!data) throw new InvalidArgumentError(`${error?.issues[0]?.message ?? 'It is too large'}.`);
  return data;
}

/** What is exported, from the file and the options. */
interface Subject extends Weights, Network {}

async function exportWeights(options: ExportOptions): Promise<void> {
  const subject = await subjectOf(await weightsFile(options.weights), options);
  const outputs = [options.onnx, options.safetensors].flatMap((file) => file ?? []);
  await checkOutputs(subject.file, outputs, options.force ?? false);
  const model = await fittingModel(subject, subject, wordsOf(subject));
  try {
    const note = overrideNote(subject, subject);
    if (note !== undefined) process.stderr.write(`${note}\n`);
    const written = await writeAll(model, subject, options);
    process.stdout.write(report(subject, written));
  } finally {
    model.dispose();
  }
}

async function subjectOf(file: string, options: ExportOptions): Promise<Subject> {
  const description = await readWeightsMetadata(file);
  const { settings, data } = description ?? {};
  const { model = settings?.model, pool = settings?.pool, shape = data?.shape } = options;
  const classes = options.classes === undefined ? data?.classes : numbered(options.classes, data?.classes);
  if (model === undefined || pool === undefined || classes === undefined || shape === undefined) {
    const missing = Object.entries({ model, pool, classes, shape }).flatMap(([name, value]) =>
      value === undefined ? [`--${name}`] : [],
    );
    throw new UsageError(`${file} doesn't say what it is of; give ${missing.join(', ')}`);
  }
  return { file, description, model, pool, classes, shape };
}

/** The options that say which network it is. */
function wordsOf({ model, pool, classes, shape }: Network): string[] {
  return [`--model ${model}`, `--pool ${pool}`, `--classes ${classes.length}`, `--shape ${shape}`];
}

/** The run that trained the weights, as it was, whatever they are made to compute now. */
function trainingOf({ description }: Weights): Readonly<Record<string, string>> {
  return description ? weightsMetadata(description.settings, description.data) : {};
}

/** Beside the run, how the graph computes otherwise than it. */
function graphMetadata(subject: Subject): Readonly<Record<string, string>> {
  const { model, pool, description } = subject;
  const { settings } = description ?? {};
  const isTrained = settings === undefined || (settings.model === model && settings.pool === pool);
  return { ...trainingOf(subject), ...(isTrained ? {} : { 'softgrad.computes': JSON.stringify({ model, pool }) }) };
}

/** Names of classes that nobody named, unless there are as many known ones. */
function numbered(count: number, known: readonly string[] | undefined): readonly string[] {
  return known?.length === count ? known : Array.from({ length: count }, (_, i) => String(i));
}

/** That nothing of value is written over: neither the weights themselves nor, without `force`, any other file. */
async function checkOutputs(weights: string, outputs: readonly string[], force: boolean): Promise<void> {
  if (outputs.length === 0) throw new UsageError('nothing to write; give --onnx, --safetensors or both');
  const source = await realpath(weights);
  const targets = await Promise.all(outputs.map((file) => realpath(file).catch(() => path.resolve(file))));
  if (targets.includes(source))
    throw new UsageError(`${weights} would be replaced by what is made of it; choose another file`);
  if (new Set(targets).size < targets.length) throw new UsageError(`--onnx and --safetensors are the same file`);
  for (const file of outputs) {
    const existing = await stat(file).catch(() => undefined);
    if (existing?.isDirectory()) throw new UsageError(`${file} is a folder; name a file in it`);
    if (existing && !force) throw new UsageError(`${file} is there already; replace it with --force`);
  }
}

/** A file that was written, and what it holds in words. */
interface Written {
  readonly file: string;
  readonly contents: string;
}

/** Writes what is asked for; nothing, if the network can't be exported. */
async function writeAll(model: nn.Module, subject: Subject, options: ExportOptions): Promise<Written[]> {
  const { shape, classes } = subject;
  const written: Written[] = [];
  if (options.onnx !== undefined) {
    const { onnx: file, batch } = options;
    const example = [batch ?? 1, ...shape];
    const bytes = await exportOnnx(model, example, {
      dynamicBatch: batch === undefined,
      metadata: graphMetadata(subject),
    });
    await writeFileAtomically('export', file, bytes);
    const size = batch ?? 'batch';
    written.push({
      file,
      contents: `ONNX, input [${[size, ...shape].join(', ')}], output [${size}, ${classes.length}]`,
    });
  }
  if (options.safetensors !== undefined) {
    await saveCheckpoint(options.safetensors, model, trainingOf(subject));
    const count = model.namedParameters().length + model.namedBuffers().length;
    written.push({ file: options.safetensors, contents: `safetensors, ${count} tensors` });
  }
  return written;
}

function report({ file, model, pool, classes }: Subject, written: readonly Written[]): string {
  const width = Math.max(...written.map((output) => output.file.length));
  const lines = written.map(({ file, contents }) => `  ${file.padEnd(width)}  ${contents}\n`);
  return `${model} with ${pool} pooling, ${classes.length} classes, from ${file}\n${lines.join('')}`;
}
