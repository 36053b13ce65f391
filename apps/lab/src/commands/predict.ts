/**
 * @file `softgrad predict`: what a trained network takes a picture for.
 */
import { styleText } from 'node:util';
import { Argument, Command, Option } from 'commander';
import { noGrad, scope, softmax, tensor } from 'softgrad';
import { decodePicture } from '../images/decodePicture.js';
import { resizePicture } from '../images/resizePicture.js';
import { oneLine } from '../oneLine.js';
import { wholeNumber } from '../optionValues.js';
import { bar } from '../report/bar.js';
import { percent } from '../report/format.js';
import { weightsFile } from '../study/weightsFile.js';
import { fittingModel } from '../study/weightsFit.js';
import { readWeightsMetadata, type WeightsDescription } from '../study/weightsMetadata.js';
import { UsageError } from '../usageError.js';
import { type BackendOptions, backendOptions, chooseBackend } from './backendOptions.js';
import { maxPixelsOption, RAISE_MAX_PIXELS } from './maxPixels.js';

interface PredictOptions extends BackendOptions {
  readonly weights: string;
  readonly top: number;
  readonly maxPixels: number;
  readonly invert?: boolean;
  readonly json?: boolean;
}

interface Guess {
  readonly name: string;
  /** By the network's own account: it may be sure and wrong. */
  readonly probability: number;
}

const examples = `
Examples:
  softgrad predict cat.jpg --weights runs/r20
  softgrad predict cat.jpg --weights resnet20-soft-cifar10
  softgrad predict digit.png --weights runs/digits --invert

The middle of the picture is scaled to the size that the network was trained on. --invert is for dark digits on white paper,
where the network knows light ones on black. softgrad models lists the trained networks that have a name.`;

const BAR_WIDTH = 24;

/** Larger than what phones take in one picture, of 50 and 64 megapixels; decoded, it takes 1 GiB. */
const DEFAULT_MAX_PIXELS = 2 ** 26;

/** The command with its options. */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description('say what is in a picture')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .addArgument(new Argument('<image>', 'PNG, JPEG, WebP or GIF (its first frame)'))
    .addOption(
      new Option(
        '--weights <file>',
        'a safetensors file of softgrad, the folder of a run, or a name',
      ).makeOptionMandatory(),
    )
    .addOption(new Option('--top <n>', 'how many classes to show').argParser(wholeNumber()).default(5))
    .addOption(new Option('--invert', 'swap dark and light'))
    .addOption(maxPixelsOption(DEFAULT_MAX_PIXELS));
  for (const option of backendOptions()) command.addOption(option);
  return command.addOption(new Option('--json', 'print the probabilities as JSON')).action(predict);
}

async function predict(image: string, options: PredictOptions): Promise<void> {
  await chooseBackend(options);
  const file = await weightsFile(options.weights);
  const description = await readWeightsMetadata(file);
  if (!description) {
    throw new UsageError(`${file} doesn't say which classes it knows; predict needs weights that softgrad trained`);
  }
  const input = await inputOf(image, description, options);
  const guesses = await guess(file, description, input);
  const shown = guesses.toSorted((a, b) => b.probability - a.probability).slice(0, options.top);
  process.stdout.write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : lines(shown));
}

/** The picture as the network knows them: `[C, H, W]`, normalised. */
async function inputOf(
  image: string,
  { data: { shape, normalization } }: WeightsDescription,
  { invert = false, maxPixels }: PredictOptions,
): Promise<Float32Array> {
  const [channels, height, width] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3) || height === undefined || width === undefined) {
    throw new UsageError(`these weights are for inputs of shape [${shape}], not for pictures`);
  }
  const picture = await decodePicture(image, { channels, maxPixels, ifLarger: RAISE_MAX_PIXELS });
  const values = resizePicture(picture, height, width);
  return values.map((value, i) => {
    const channel = Math.floor(i / (height * width));
    const light = invert ? 1 - value : value;
    return (light - (normalization?.mean[channel] ?? 0)) / (normalization?.std[channel] ?? 1);
  });
}

async function guess(file: string, description: WeightsDescription, input: Float32Array): Promise<Guess[]> {
  const { settings, data } = description;
  const model = await fittingModel({ file, description }, { ...settings, ...data }, []);
  try {
    model.eval();
    const probabilities = scope(() =>
      noGrad(() => softmax(model.forward(tensor(input, { shape: [1, ...data.shape] })))),
    );
    const values = await probabilities.data();
    probabilities.dispose();
    return data.classes.map((name, i) => ({ name, probability: values[i] ?? 0 }));
  } finally {
    model.dispose();
  }
}

function lines(guesses: readonly Guess[]): string {
  const names = guesses.map(({ name }) => oneLine(name));
  const width = Math.max(...names.map((name) => name.length));
  const line = ({ probability }: Guess, i: number): string => {
    const padded = (names[i] ?? '').padEnd(width);
    return `  ${i === 0 ? styleText('bold', padded) : padded}  ${bar(probability, BAR_WIDTH)}  ${percent(probability).padStart(7)}\n`;
  };
  return guesses.map(line).join('');
}
