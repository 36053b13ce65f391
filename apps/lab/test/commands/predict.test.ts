import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { shapes } from 'softgrad/data';
import { parseSafetensors, saveSafetensors } from 'softgrad/io';
import { describe, expect, test } from 'vitest';
import { predictCommand } from '../../src/commands/predict.js';
import { explainMistakes } from '../../src/mistakes.js';
import { RunFolder, WEIGHTS_FILE } from '../../src/study/runFolder.js';
import { decodePredictions } from '../../src/study/runResult.js';
import { recipe } from '../../src/study/settings.js';
import { trainRun } from '../../src/study/trainRun.js';
import { UsageError } from '../../src/usageError.js';
import { settings, softgrad, temporaryFolder } from '../support.js';

const data = { train: shapes({ split: 'train', count: 64 }), test: shapes({ split: 'test', count: 8 }) };

/** A folder with a network that was trained a little, and a test image as PNG. */
async function prepared(index: number) {
  const folder = await temporaryFolder();
  const run = await trainRun({ ...recipe.parse(settings), pool: 'soft', seed: 0 }, data, new RunFolder(folder));
  const [channels = 3, height = 0, width = 0] = data.test.shape;
  const size = channels * height * width;
  const planes = data.test.images.subarray(index * size, (index + 1) * size);
  const interleaved = Uint8Array.from({ length: size }, (_, i) => {
    return planes[(i % channels) * height * width + Math.floor(i / channels)] ?? 0;
  });
  const image = path.join(folder, 'image.png');
  await writeFile(
    image,
    await sharp(interleaved, { raw: { channels: 3, height, width } })
      .png()
      .toBuffer(),
  );
  return { folder, image, expected: decodePredictions(run?.test.predictions ?? '')[index] ?? -1 };
}

test('a picture of the test set: the class that the test found, with bars; probabilities add up to 1', async () => {
  const { folder, image, expected } = await prepared(3);
  const { code, stdout, stderr } = await softgrad('predict', image, '--weights', folder, '--top', '3');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const [first, ...others] = stdout.trimEnd().split('\n');
  expect(first).toMatch(new RegExp(`^ {2}${data.test.classes[expected]} +[█░]{24} +\\d+\\.\\d %$`));
  expect(others).toHaveLength(2);
  const json = await softgrad('predict', image, '--weights', folder, '--top', '100', '--json');
  const guesses: { name: string; probability: number }[] = JSON.parse(json.stdout);
  expect(guesses.map(({ name }) => name).sort()).toEqual([...data.test.classes].sort());
  expect(guesses.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
});

test('names of classes that would steer the terminal are made harmless', async () => {
  const { folder, image } = await prepared(0);
  const file = path.join(folder, WEIGHTS_FILE);
  const { tensors, metadata } = parseSafetensors(await readFile(file));
  const known = JSON.parse(metadata['softgrad.data'] ?? '');
  const classes = known.classes.map((name: string) => `\u001b[2J${name}\n`);
  const description = JSON.stringify({ ...known, classes });
  await saveSafetensors(file, Object.fromEntries(tensors), { ...metadata, 'softgrad.data': description });
  const { code, stdout } = await softgrad('predict', image, '--weights', folder, '--top', '2');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^( {2}\ufffd\[2J\S+ +[█░]{24} +\d+\.\d %\n){2}$/);
});

describe('predict: mistakes', () => {
  const mistakeIn = (...words: string[]): Promise<unknown> => {
    const command = predictCommand();
    explainMistakes(command);
    return command.parseAsync(words, { from: 'user' }).then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  test('no weights, no picture, and weights of another program', async () => {
    const { folder, image } = await prepared(0);
    expect(String(await mistakeIn(image))).toContain("required option '--weights <file>' not specified");
    expect(String(await mistakeIn('no.png', '--weights', folder))).toMatch(/no\.png can't be read \(ENOENT/);
    const foreign = new URL('../../../../test/fixtures/resnet8-soft.safetensors', import.meta.url).pathname;
    expect(String(await mistakeIn(image, '--weights', foreign))).toContain("doesn't say which classes it knows");
    const photo = await mistakeIn(image, '--weights', image);
    expect(photo).toBeInstanceOf(UsageError);
    expect(String(photo)).toMatch(/image\.png is no safetensors file \(byte 0: expected .*\), or a damaged one; give/);
    const text = path.join(folder, 'text.png');
    await writeFile(text, 'no picture');
    expect(String(await mistakeIn(text, '--weights', folder))).toMatch(/text\.png is no picture/);
  });

  test('weights that aren’t what they say', async () => {
    const { folder, image } = await prepared(0);
    const file = path.join(folder, WEIGHTS_FILE);
    const { tensors, metadata } = parseSafetensors(await readFile(file));
    const run = JSON.stringify({ ...JSON.parse(metadata['softgrad.run'] ?? ''), model: 'resnet8' });
    await saveSafetensors(file, Object.fromEntries(tensors), { ...metadata, 'softgrad.run': run });
    const mistake = await mistakeIn(image, '--weights', folder);
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toMatch(
      /doesn't hold the resnet8 with soft pooling that it says it is \(\d+ missing: .*use/,
    );
  });

  test('a larger picture than allowed; a photo of 50 megapixels is none', async () => {
    const { folder, image } = await prepared(0);
    expect(String(await mistakeIn(image, '--weights', folder, '--max-pixels', '100'))).toMatch(
      /; at most 100 are allowed; raise that with --max-pixels$/,
    );
    const photo = path.join(folder, 'photo.png');
    await writeFile(photo, claiming(await readFile(image), 8192, 6144));
    expect(String(await mistakeIn(photo, '--weights', folder))).toContain('photo.png is damaged or cut off');
    await writeFile(photo, claiming(await readFile(image), 12000, 12000));
    expect(String(await mistakeIn(photo, '--weights', folder))).toMatch(/144000000 in all; .*raise .* --max-pixels$/);
  });
});

/** A PNG whose header says another size than its pixels have, so that a large picture costs nothing. */
function claiming(png: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  // IHDR's checksum, over its type and its 13 bytes.
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}
