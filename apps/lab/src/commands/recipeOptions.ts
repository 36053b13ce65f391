/**
 * @file Options that decide what is trained, and how; `train` and `compare` share them.
 */
import { Option } from 'commander';
import { decimalNumber, listOf, oneOf, wholeNumber } from '../optionValues.js';
import {
  AUGMENT_NAMES,
  type AugmentName,
  DATA_NAMES,
  type DataName,
  MODEL_NAMES,
  OPTIMIZER_NAMES,
  type Recipe,
  SCHEDULE_NAMES,
} from '../study/settings.js';

/** As commander hands them over. */
export interface RecipeOptions extends Omit<Recipe, 'augment' | 'batchSize'> {
  readonly batchSize?: number;
  readonly augment?: readonly AugmentName[] | 'none';
  readonly dataDir?: string;
}

/** The names of data sets of photographs, where larger batches pay and left and right are alike. */
const PHOTOGRAPHS: ReadonlySet<DataName> = new Set(['cifar10', 'cifar100']);

export function recipeOptions(): Option[] {
  return [
    new Option('--model <name>', MODEL_NAMES.join(', ')).argParser(oneOf(MODEL_NAMES)).default('resnet8', 'resnet8'),
    new Option('--data <name>', DATA_NAMES.join(', ')).argParser(oneOf(DATA_NAMES)).default('shapes', 'shapes'),
    new Option(
      '--data-dir <folder>',
      'where the files of cifar10, cifar100 or mnist lie (default: where fetch puts them)',
    ),
    new Option('--limit <n>', 'training images; test images in proportion, at least 1000').argParser(wholeNumber()),
    new Option('--test-limit <n>', 'test images').argParser(wholeNumber()),
    new Option('--epochs <n>', 'passes over the training images').argParser(wholeNumber()).default(5),
    new Option('--batch-size <n>', 'images per step (default: 128 for cifar, else 64)').argParser(wholeNumber()),
    new Option('--optimizer <name>', `${OPTIMIZER_NAMES.join(', ')}; sgd has Nesterov's momentum of 0.9`)
      .argParser(oneOf(OPTIMIZER_NAMES))
      .default('sgd', 'sgd'),
    new Option('--lr <rate>', 'the highest learning rate').argParser(decimalNumber()).default(0.1),
    new Option('--weight-decay <rate>', 'pull of the weights towards 0').argParser(decimalNumber()).default(5e-4),
    new Option('--schedule <name>', `${SCHEDULE_NAMES.join(', ')}; all but constant warm up`)
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

function augmentNames(text: string): readonly AugmentName[] | 'none' {
  return text === 'none' ? 'none' : listOf(AUGMENT_NAMES)(text);
}

/** The recipe, with the defaults that depend on the data. */
export function recipeOf(options: RecipeOptions): Recipe {
  const { data, limit, testLimit } = options;
  const { augment = data === 'mnist' ? ['crop'] : ['crop', 'flip'] } = options;
  return {
    data,
    ...(limit === undefined ? {} : { limit }),
    ...(testLimit === undefined ? {} : { testLimit }),
    model: options.model,
    epochs: options.epochs,
    batchSize: options.batchSize ?? (PHOTOGRAPHS.has(data) ? 128 : 64),
    optimizer: options.optimizer,
    lr: options.lr,
    weightDecay: options.weightDecay,
    schedule: options.schedule,
    labelSmoothing: options.labelSmoothing,
    augment: augment === 'none' ? [] : [...augment],
  };
}
