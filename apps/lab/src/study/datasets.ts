/**
 * @file The data of a study.
 */
import { cifar10, cifar100, type Dataset, mnist, type Split, shapes, take } from 'softgrad/data';
import { UsageError } from '../usageError.js';
import type { StudySettings } from './study.js';

export interface StudyData {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** How large the embedded data set is when nobody asks for more. */
const SHAPES_SIZE = { train: 4000, test: 1000 } as const;

const readers = { cifar10, cifar100, mnist } as const;

const sources: Record<keyof typeof readers, string> = {
  cifar10: 'the files of cifar-10-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html',
  cifar100: 'the files of cifar-100-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html',
  mnist: 'the four IDX files, gzipped or not, from https://yann.lecun.com/exdb/mnist',
};

/**
 * Training and test images as the settings say; a limited test set shrinks in proportion unless it has a limit of its own.
 *
 * @throws UsageError if files are needed and no folder is given
 */
export async function loadStudyData(
  settings: Pick<StudySettings, 'data' | 'limit' | 'testLimit'>,
  folder: string | undefined,
): Promise<StudyData> {
  const { data, limit } = settings;
  if (data === 'shapes') {
    const count = { train: limit ?? SHAPES_SIZE.train, test: settings.testLimit ?? SHAPES_SIZE.test };
    return {
      train: shapes({ split: 'train', count: count.train }),
      test: shapes({ split: 'test', count: count.test }),
    };
  }
  if (folder === undefined) {
    throw new UsageError(`--data ${data} needs --data-dir with ${sources[data]}`);
  }
  const read = (split: Split): Promise<Dataset> => readers[data](folder, { split });
  const [train, test] = [await read('train'), await read('test')];
  const share = Math.min(1, (limit ?? train.length) / train.length);
  return {
    train: limited(train, limit),
    test: limited(test, settings.testLimit ?? Math.ceil(test.length * share)),
  };
}

/** At most `count` images, as many of each class as of any other. */
function limited(dataset: Dataset, count: number | undefined): Dataset {
  return count === undefined || count >= dataset.length ? dataset : take(dataset, count, { balanced: true });
}
