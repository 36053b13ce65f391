/**
 * @file Options that decide what is trained, and how; `train` and `compare` share them.
 */
import { Option } from 'commander';
import { aloneOrListOf, decimalNumber, oneOf, wholeNumber } from '../optionValues.js';
import {
  AUGMENT_NAMES,
  type AugmentName,
  DATA_NAMES,
  type DataName,
  MODEL_NAMES,
  type ModelName,
  OPTIMIZER_NAMES,
  type Recipe,
  SCHEDULE_NAMES,
} from '../study/settings.js';
import { UsageError } from '../usageError.js';

/** As commander hands them over. */
export interface RecipeOptions extends Omit<Recipe, 'augment' | 'batchSize' | 'epochs' | 'model' | 'lr'> {
  readonly model?: ModelName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lr?: number;
  readonly augment?: readonly AugmentName[] | 'none';
  readonly dataDir?: string;
}

/** What suits each data set, where nothing else is asked for. Only what leaves the class alone may augment. */
const DEFAULTS: Readonly<Record<DataName, Pick<Recipe, 'model' | 'epochs' | 'batchSize' | 'lr' | 'augment'>>> = {
  shapes: { model: 'resnet8', epochs: 5, batchSize: 64, lr: 0.1, augment: ['crop', 'flip'] },
  waveforms: { model: 'waveformCnn', epochs: 10, batchSize: 64, lr: 0.1, augment: ['gain', 'noise'] },
  clips: { model: 'resnet3d', epochs: 8, batchSize: 64, lr: 0.1, augment: ['noise'] },
  cifar10: { model: 'resnet8', epochs: 5, batchSize: 128, lr: 0.2, augment: ['crop', 'flip'] },
  cifar100: { model: 'resnet8', epochs: 5, batchSize: 128, lr: 0.2, augment: ['crop', 'flip'] },
  mnist: { model: 'resnet8', epochs: 5, batchSize: 64, lr: 0.1, augment: ['crop'] },
};

/** What mirroring makes of a sample, where it isn't one of the same class. */
const MIRRORED: Partial<Record<DataName, string>> = {
  waveforms: 'a rising tone into a falling one',
  clips: 'a motion to the right into one to the left',
};

export function recipeOptions(): Option[] {
  return [
    new Option('--model <name>', `${MODEL_NAMES.join(', ')} (default: one that suits the data)`).argParser(
      oneOf(MODEL_NAMES),
    ),
    new Option('--data <name>', DATA_NAMES.join(', ')).argParser(oneOf(DATA_NAMES)).default('shapes', 'shapes'),
    new Option(
      '--data-dir <folder>',
      'where the files of cifar10, cifar100 or mnist lie (default: where fetch puts them)',
    ),
    new Option('--limit <n>', 'training images; test images in proportion, at least 1000').argParser(wholeNumber()),
    new Option('--test-limit <n>', 'test images').argParser(wholeNumber()),
    new Option('--epochs <n>', 'passes over the training images (default: 5; 10 for waveforms, 8 for clips)').argParser(
      wholeNumber(),
    ),
    new Option('--batch-size <n>', 'images per step (default: 128 for cifar, else 64)').argParser(wholeNumber()),
    new Option('--optimizer <name>', `${OPTIMIZER_NAMES.join(', ')}; sgd has Nesterov's momentum of 0.9`)
      .argParser(oneOf(OPTIMIZER_NAMES))
      .default('sgd', 'sgd'),
    new Option('--lr <rate>', 'the highest learning rate (default: 0.2 for cifar, else 0.1)').argParser(
      decimalNumber(),
    ),
    new Option('--weight-decay <rate>', 'pull of the weights towards 0').argParser(decimalNumber()).default(5e-4),
    new Option('--schedule <name>', `${SCHEDULE_NAMES.join(', ')}; all but constant warm up`)
      .argParser(oneOf(SCHEDULE_NAMES))
      .default('oneCycle', 'oneCycle'),
    new Option('--label-smoothing <s>', 'share of the target spread over all classes')
      .argParser(decimalNumber({ most: 1 }))
      .default(0),
    new Option('--augment <names>', `${AUGMENT_NAMES.join(', ')}, or none (default: crop,flip for pictures)`).argParser(
      aloneOrListOf('none', AUGMENT_NAMES),
    ),
  ];
}

/**
 * The recipe, with the defaults that depend on the data.
 *
 * @throws UsageError if the augmentation would turn samples into ones of another class
 */
export function recipeOf(options: RecipeOptions): Recipe {
  const { data, limit, testLimit } = options;
  const defaults = DEFAULTS[data];
  const { augment = defaults.augment } = options;
  const mirrored = MIRRORED[data];
  if (mirrored !== undefined && augment.includes('flip')) {
    throw new UsageError(`--augment flip turns ${mirrored}: not allowed with --data ${data}`);
  }
  return {
    data,
    ...(limit === undefined ? {} : { limit }),
    ...(testLimit === undefined ? {} : { testLimit }),
    model: options.model ?? defaults.model,
    epochs: options.epochs ?? defaults.epochs,
    batchSize: options.batchSize ?? defaults.batchSize,
    optimizer: options.optimizer,
    lr: options.lr ?? defaults.lr,
    weightDecay: options.weightDecay,
    schedule: options.schedule,
    labelSmoothing: options.labelSmoothing,
    augment: augment === 'none' ? [] : [...augment],
  };
}
