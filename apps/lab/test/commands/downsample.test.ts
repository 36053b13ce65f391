import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { defaultSheet, downsampleCommand } from '../../src/commands/downsample.js';
import { downsamplingSchema } from '../../src/downsample/downsampling.js';
import { decodePicture } from '../../src/images/decodePicture.js';
import { encodePicture } from '../../src/images/encodePicture.js';
import { explainMistakes } from '../../src/mistakes.js';
import { UsageError } from '../../src/usageError.js';
import { pictureOf, waves } from '../downsample/pictures.js';
import { softgrad, temporaryFolder } from '../support.js';

const still = pictureOf({ width: 33, height: 24, channels: 3 }, waves);
const clip = pictureOf({ width: 24, height: 24, channels: 3, frames: 5 }, (x, y, c, t) => waves(x + 2 * t, y, c));

/** A folder with `photo.png`, `clip.gif`, `half.png`, `cut.png`, and `link.png`, which is `half.png`. */
async function pictures(): Promise<string> {
  const folder = await temporaryFolder();
  const put = (name: string, bytes: Uint8Array): Promise<void> => writeFile(path.join(folder, name), bytes);
  const png = await encodePicture(still, 'png');
  await Promise.all([
    put('photo.png', png),
    put('cut.png', png.subarray(0, png.length / 2)),
    put('clip.gif', await encodePicture(clip, 'gif')),
    symlink('half.png', path.join(folder, 'link.png')),
    put('half.png', await encodePicture(pictureOf({ width: 16, height: 12, channels: 3 }, waves), 'png')),
  ]);
  return folder;
}

/** Runs the command in this process, and returns what it prints. */
async function run(...words: string[]): Promise<string> {
  const command = downsampleCommand();
  explainMistakes(command);
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await command.parseAsync(words, { from: 'user' });
    return write.mock.calls.map(([text]) => text).join('');
  } finally {
    write.mockRestore();
  }
}

describe('a mistake says in one line what is allowed, and leaves no file:', () => {
  test.each([
    ['photo.png --pools median', 'avg, max, soft'],
    ['photo.png --pools all,max', 'or all, which stands alone'],
    ['photo.png --kernel 0', 'at least 1'],
    ['photo.png --scale wide', 'must be imagenet, unit, byte, or a number of more than 0, which black is'],
    ['photo.png --scale 0', 'must be imagenet, unit, byte, or a number of more than 0, which black is'],
    ['photo.png --scale -1', 'must be imagenet, unit, byte, or a number of more than 0, which black is'],
    ['photo.png --out sheet.tiff', '.png, .jpeg, .webp, .gif or .jpg'],
    ['photo.png --out no/folder/sheet.png', "can't be written"],
    ['photo.png --out photo.png', 'the picture itself'],
    ['photo.png --out photo.png --force', 'the picture itself'],
    ['photo.png --out half.png --against half.png --force', 'the picture of --against'],
    ['photo.png --out link.png --against half.png --force', 'the picture of --against'],
    ['photo.png --out half.png', 'half.png is there already, perhaps from this very command; replace it with --force'],
    ['photo.png --background murky', 'as in CSS'],
    ['photo.png --temporal', 'goes with an animation'],
    ['photo.png --kernel 25', 'kernel 25 exceeds the height of 24'],
    ['photo.png --levels 6', 'at level 5 of 6'],
    ['photo.png --max-pixels 700', '792 in all; at most 700 are allowed; raise that with --max-pixels'],
    ['photo.png --against clip.gif', '5 frames of 24 × 24 pixels; the reductions have 16 × 12'],
    ['photo.png --against-jpeg 90', '--against'],
    ['clip.gif --out sheet.png', 'allowed: .gif, .webp'],
    ['clip.gif --temporal --kernel 6', 'exceeds the number of frames of 5'],
    ['cut.png', 'damaged or cut off'],
    ['missing.png', "can't be read"],
  ])('downsample %s', async (words, allowed) => {
    const folder = await pictures();
    const before = await readdir(folder);
    const placed = words.split(' ').map((word) => (/\.\w+$/.test(word) ? path.join(folder, word) : word));
    const mistake = await run(...placed).catch((error: unknown) => error);
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toContain(allowed);
    expect(String(mistake)).not.toContain('\n');
    expect(await readdir(folder)).toEqual(before);
  });
});

test('a whole run: a table, a sheet, exit code 0', async () => {
  const folder = await pictures();
  const sheet = path.join(folder, 'sheet.webp');
  const { code, stdout, stderr } = await softgrad('downsample', path.join(folder, 'photo.png'), '--out', sheet);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('photo.png · 33 × 24 pixels, pooled to 16 × 12 · windows of 2 × 2, 2 apart');
  for (const name of ['soft', 'max', 'avg', 'Lanczos'])
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +0\\.\\d{3} +\\d+\\.\\d\\d dB`, 'm'));
  expect(stdout).toContain('1 of 33 columns at the edges');
  expect(stdout).toContain(sheet);
  expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  expect((await decodePicture(sheet)).width).toBeGreaterThan(1000);
});

test('--json prints the numbers and nothing else', async () => {
  const folder = await pictures();
  const file = path.join(folder, 'photo.png');
  const given = path.join(folder, 'half.png');
  const words = ['--pools', 'avg,max', '--json', '--out', path.join(folder, 'sheet.png'), '--against', given];
  const report = downsamplingSchema.parse(JSON.parse(await run(file, ...words)));
  expect(report).toMatchObject({
    ...{ file, fileFormat: 'png', channels: 3, original: { frames: 1, width: 33, height: 24 } },
    reduced: { frames: 1, width: 16, height: 12 },
    covered: { frames: 1, width: 32, height: 24, firstFrame: 0, left: 0, top: 0 },
    settings: { pools: ['avg', 'max'], kernel: 2, stride: 2, levels: 1, temporal: false, seed: 0 },
    given: { file: given },
  });
  const [avg, max] = report.poolings;
  expect(avg!.toLanczos.mse).toBeLessThan(max!.toLanczos.mse);
  expect(avg!.toGiven!.largestDifference).toBeGreaterThan(0);
});

test('--against a reduction that was saved as PNG differs by rounding alone', async () => {
  const folder = await pictures();
  const even = pictureOf({ width: 24, height: 24 }, (x, y) => ((7 * x + 5 * y) % 64) / 255);
  const saved = pictureOf({ width: 12, height: 12 }, (x, y) =>
    Math.max(...[0, 1, 2, 3].map((i) => even.frames[0]![(2 * y + (i >> 1)) * 24 + 2 * x + (i & 1)]!)),
  );
  const [file, given] = [path.join(folder, 'even.png'), path.join(folder, 'saved.png')];
  await writeFile(file, await encodePicture(even, 'png'));
  await writeFile(given, await encodePicture(saved, 'png'));
  const words = ['--pools', 'max', '--json', '--out', path.join(folder, 'sheet.png'), '--against', given];
  const { poolings } = downsamplingSchema.parse(JSON.parse(await run(file, ...words)));
  expect(poolings[0]!.toGiven).toMatchObject({ largestDifference: 0, ssim: expect.closeTo(1, 9) });
});

test('--temporal reduces an animation in time, and the sheet moves', async () => {
  const folder = await pictures();
  const sheet = path.join(folder, 'sheet.gif');
  const words = ['--pools', 'soft', '--temporal', '--panel', '200', '--json', '--out', sheet];
  const report = downsamplingSchema.parse(JSON.parse(await run(path.join(folder, 'clip.gif'), ...words)));
  expect(report.reduced).toEqual({ frames: 2, width: 12, height: 12 });
  expect(report.notes).toEqual(["1 of 5 frames at the edges are not compared: the reduction doesn't stand for them"]);
  const moving = await decodePicture(sheet, { maxPixels: 1e8 });
  expect([moving.frames.length, moving.delays]).toEqual([4, [100, 100, 100, 100]]);
});

test('with --force what was there is replaced as a whole, with nothing beside it', async () => {
  const folder = await pictures();
  const sheet = path.join(folder, 'sheet.png');
  await writeFile(sheet, 'before');
  const words = [path.join(folder, 'photo.png'), '--pools', 'max', '--out', sheet];
  await expect(run(...words)).rejects.toThrow('--force');
  expect(await readFile(sheet, 'utf8')).toBe('before');
  await run(...words, '--force');
  expect((await readFile(sheet)).subarray(1, 4).toString()).toBe('PNG');
  expect(await readdir(folder)).toEqual(['clip.gif', 'cut.png', 'half.png', 'link.png', 'photo.png', 'sheet.png']);
});

test.each([
  ['in/a.png', '.png', 'a-pools.png'],
  ['in/a.jpg', '.png', 'a.jpg-pools.png'],
  ['in/a.PNG', '.png', 'a.PNG-pools.png'],
  ['a.gif', '.gif', 'a-pools.gif'],
  ['a.webp', '.gif', 'a.webp-pools.gif'],
])('without --out, the sheet of %s as %s is %s', (file, extension, sheet) => {
  expect(defaultSheet(file, extension)).toBe(sheet);
});
