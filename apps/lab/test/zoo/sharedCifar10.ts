/**
 * @file Test images of CIFAR-10 from the JPEG copies in ../shared, in the order in which `unpack-cifar10.sh` there writes them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { CIFAR10_NORMALIZATION, type Dataset } from 'softgrad/data';
import { PythonShuffle } from './pythonShuffle.js';

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/cifar10-jpeg/', import.meta.url));
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const [TRAIN_IMAGES, TEST_IMAGES, OF_A_CLASS] = [50_000, 10_000, 1000] as const;
const PIXELS = 32 * 32;

export const hasSharedCifar10 = existsSync(FOLDER);
/** In the name of tests that are skipped. */
export const sharedCifar10Note = hasSharedCifar10
  ? 'CIFAR-10'
  : 'CIFAR-10, which is not in ../shared/data/cifar10-jpeg';

/** The first test images, or all. */
export async function sharedCifar10(count: number = TEST_IMAGES): Promise<Dataset> {
  const shuffle = new PythonShuffle(0);
  shuffle.order(TRAIN_IMAGES);
  const order = shuffle.order(TEST_IMAGES).slice(0, count);
  const files = CLASSES.map((name) => jpegsIn(readFileSync(`${FOLDER}test-${name}.jpegs`)));
  const images = new Uint8Array(count * 3 * PIXELS);
  const labels = Int32Array.from(order, (place) => Math.floor(place / OF_A_CLASS));
  for (const [i, place] of order.entries()) {
    const jpeg = files[labels[i]!]![place % OF_A_CLASS]!;
    const interleaved = await sharp(jpeg).raw().toBuffer();
    interleaved.forEach((value, at) => {
      images[(3 * i + (at % 3)) * PIXELS + Math.floor(at / 3)] = value;
    });
  }
  const shape = [3, 32, 32] as const;
  return {
    name: 'CIFAR-10',
    images,
    labels,
    shape,
    classes: CLASSES,
    length: count,
    normalization: CIFAR10_NORMALIZATION,
  };
}

/** A file is a list of JPEG files, before each its length in four bytes. */
function jpegsIn(bytes: Buffer): Buffer[] {
  const jpegs: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    jpegs.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return jpegs;
}
