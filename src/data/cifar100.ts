/**
 * @file CIFAR-100 (Krizhevsky, 2009): 32×32 colour images of 100 classes in 20 groups, 50,000 for training and
 * 10,000 to test.
 */
import { ArgumentError } from '../errors.js';
import { parseCifarRecords, readCifarFiles } from './cifarRecords.js';
import { checkSplit, type Dataset, type Split } from './dataset.js';

/** `fine`: the 100 classes; `coarse`: the 20 groups. */
export type Cifar100Labels = 'fine' | 'coarse';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const COARSE_CLASSES = words(`
  aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices household_furniture
  insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes large_omnivores_and_herbivores
  medium_mammals non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2`);

const FINE_CLASSES = words(`
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
  caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
  forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
  mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
  possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
  sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
  willow_tree wolf woman worm`);

/** Of the 50,000 training images: the figures in general use. */
export const CIFAR100_NORMALIZATION = { mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] } as const;

/**
 * Reads CIFAR-100's official binary version, gzipped or not, from `directory` or its subfolder `cifar-100-binary`.
 *
 * @returns images `[N, 3, 32, 32]` as bytes; labels are the fine ones unless asked otherwise
 * @throws ArgumentError if a file is missing, FormatError if one is damaged
 */
export async function cifar100(
  directory: string,
  options: { split: Split; labels?: Cifar100Labels },
): Promise<Dataset> {
  const name = `${checkSplit('cifar100', options.split)}.bin`;
  return readCifarFiles('cifar100', directory, 'cifar-100-binary', [name], (bytes, file) =>
    parseCifar100(bytes, file, options.labels),
  );
}

/**
 * Reads one CIFAR-100 file: records of a coarse label byte, a fine label byte and 3 × 1024 pixel bytes.
 *
 * @param file the name that errors give
 */
export function parseCifar100(bytes: Uint8Array, file = 'CIFAR-100 data', labels: Cifar100Labels = 'fine'): Dataset {
  if (labels !== 'fine' && labels !== 'coarse') {
    throw new ArgumentError(`cifar100: labels is '${labels}', but must be 'fine' or 'coarse'`);
  }
  const labelBytes = [
    { what: 'coarse label', classes: COARSE_CLASSES },
    { what: 'fine label', classes: FINE_CLASSES },
  ];
  return {
    name: 'CIFAR-100',
    ...parseCifarRecords(bytes, file, labelBytes, labels === 'coarse' ? 0 : 1),
    normalization: CIFAR100_NORMALIZATION,
  };
}
