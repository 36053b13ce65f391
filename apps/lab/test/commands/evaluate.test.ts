import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Generator } from 'softgrad';
import { shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { saveCheckpoint } from 'softgrad/train';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { evaluateCommand } from '../../src/commands/evaluate.js';
import { explainMistakes } from '../../src/mistakes.js';
import { recipe } from '../../src/study/settings.js';
import { weightsMetadata } from '../../src/study/weightsMetadata.js';
import { UsageError } from '../../src/usageError.js';
import { settings, softgrad, temporaryFolder } from '../support.js';

const run = { ...recipe.parse(settings), testLimit: 8, pool: 'soft', seed: 0 };
const { classes, shape } = shapes({ split: 'test', count: 1 });

/** Weights that say they were trained on `data`, by default on what `shapes` has. */
async function weightsOf(data: Partial<{ classes: readonly string[]; shape: readonly number[] }> = {}) {
  const file = path.join(await temporaryFolder(), 'weights.safetensors');
  const described = { classes, shape, ...data };
  const model = nn.models.smallCnn({
    ...{ pool: 'soft', inChannels: described.shape[0], numClasses: described.classes.length },
    generator: new Generator(1),
  });
  await saveCheckpoint(file, model, weightsMetadata(run, described));
  model.dispose();
  return file;
}

async function mistakeIn(...words: string[]): Promise<string> {
  const command = evaluateCommand();
  explainMistakes(command);
  const error: unknown = await command.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message : '';
}

test('another pooling than the file says is computed, and a note on stderr tells it', async () => {
  const file = await weightsOf();
  const { code, stdout, stderr } = await softgrad('evaluate', file, '--pool', 'max', '--json');
  expect(stderr).toBe('the file says soft pooling; computing with max\n');
  expect(JSON.parse(stdout)).toMatchObject({ model: 'smallCnn', pool: 'max', images: 8 });
  expect(code).toBe(0);
  const same = await softgrad('evaluate', file, '--pool', 'soft');
  expect(same.stderr).toBe('');
  expect(same.stdout).toMatch(/^smallCnn with soft pooling on shapes · 8 test/);
});

test('on a terminal a bar shows how many images are through; with --json there is none', async () => {
  const file = await weightsOf();
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const { isTTY } = process.stderr;
  onTestFinished(() => {
    process.stderr.isTTY = isTTY;
    vi.restoreAllMocks();
  });
  process.stderr.isTTY = true;
  const words = [file, '--test-limit', '48', '--batch-size', '12'];
  await evaluateCommand().parseAsync([...words, '--json'], { from: 'user' });
  expect(written).toEqual([]);
  await evaluateCommand().parseAsync(words, { from: 'user' });
  const lines = [...written.join('').matchAll(/ {2}testing {2}(█*)░* {2}(\d+) of 48/g)];
  const shown = lines.map(([, full = '', done = '']) => [full.length, Number(done)]);
  expect(shown[0]).toEqual([0, 0]);
  expect(shown.at(-1)).toEqual([24, 48]);
  for (const [width = 0, done = 0] of shown) expect([width % 6, done]).toEqual([0, 2 * width]);
});

describe('evaluate: data that the weights don’t know', () => {
  const others = ['airplane', 'automobile', ...classes.slice(2)];
  test.each([
    [
      'other classes',
      { classes: others },
      ['--data', 'shapes'],
      `these weights tell airplane, automobile, … apart; --data shapes has ${classes[0]}, ${classes[1]}, …; give --data`,
    ],
    [
      'other classes at the end alone',
      { classes: [...classes.slice(0, -1), 'cat'] },
      [],
      `these weights tell …, ${classes.at(-2)}, cat apart; the data set shapes has …, ${classes.at(-2)}, ${classes.at(-1)}; give`,
    ],
    [
      'fewer classes',
      { classes: classes.slice(0, 3) },
      ['--data', 'shapes'],
      `these weights tell …, ${classes[1]}, ${classes[2]} apart; --data shapes has …, ${classes[3]}`,
    ],
    [
      'other samples',
      { shape: [1, 32, 32] },
      ['--data', 'shapes'],
      'these weights are for samples of 1,32,32; --data shapes has samples of 3,32,32; give --data of these classes',
    ],
    ['other data', {}, ['--data', 'clips'], 'these weights tell circle, square, … apart; --data clips has '],
  ])('%s', async (_, data, words, message) => {
    const file = await weightsOf(data);
    expect(await mistakeIn(file, ...words, '--test-limit', '8')).toContain(`${file}: ${message}`);
  });

  test('trained networks that have a name know theirs', async () => {
    expect(await mistakeIn('resnet20-soft-cifar10', '--data', 'shapes', '--test-limit', '8')).toMatch(
      /resnet20-soft-cifar10\.safetensors: these weights tell airplane, automobile, … apart; --data shapes has circle, square, …; leave --data out to test on cifar10$/,
    );
  });
});

describe('evaluate: weights that don’t fit', () => {
  test('another model than the file says', async () => {
    const file = await weightsOf();
    expect(await mistakeIn(file, '--model', 'resnet8')).toMatch(
      /weights\.safetensors doesn't fit --model resnet8: the file says smallCnn with soft pooling \(\d+ missing: .{0,150}…\); leave --model out$/,
    );
  });

  test('weights of another program, with the wrong words', async () => {
    const foreign = new URL('../../../../test/fixtures/resnet8-soft.safetensors', import.meta.url).pathname;
    const words = '--model smallCnn --pool soft --data shapes'.split(' ');
    expect(await mistakeIn(foreign, ...words, '--test-limit', '8')).toMatch(
      /resnet8-soft\.safetensors doesn't fit --model smallCnn --pool soft --data shapes \(.*\); give those that it was trained with$/,
    );
  });

  test('a file that is no safetensors file, and no name at all', async () => {
    const photo = path.join(await temporaryFolder(), 'photo.jpg');
    await writeFile(
      photo,
      Uint8Array.from({ length: 64 }, (_, i) => 255 - i),
    );
    expect(await mistakeIn(photo)).toMatch(
      /photo\.jpg is no safetensors file \(byte 0: expected .*\), or a damaged one; give such a file, the folder of a run, or a name/,
    );
    for (const empty of ['', ' ']) {
      expect(await mistakeIn(empty)).toMatch(/^the name of the weights is empty; give a safetensors file, the folder/);
    }
  });
});
