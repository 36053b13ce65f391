import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shapes } from 'softgrad/data';
import { describe, expect, test } from 'vitest';
import { evaluateCommand } from '../../src/commands/evaluate.js';
import { trainCommand } from '../../src/commands/train.js';
import { explainMistakes } from '../../src/mistakes.js';
import { RunFolder } from '../../src/study/runFolder.js';
import { recipe } from '../../src/study/settings.js';
import { trainRun } from '../../src/study/trainRun.js';
import { UsageError } from '../../src/usageError.js';
import { settings, softgrad, temporaryFolder } from '../support.js';

const tiny = 'train --model smallCnn --limit 32 --test-limit 20 --batch-size 8 --epochs 2 --threads 1'.split(' ');

/** What a command says of `words`, in this process. */
function mistakeIn(command: 'train' | 'evaluate', words: readonly string[]): Promise<unknown> {
  const built = command === 'train' ? trainCommand() : evaluateCommand();
  explainMistakes(built);
  return built.parseAsync([...words], { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('train, then evaluate: the same accuracy, from the folder and from the file', async () => {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await softgrad(...tiny, '--pool', 'avg', '--seed', '3', '--out', folder);
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  expect(stdout).toMatch(/^smallCnn with avg pooling on shapes · seed 3 · 32 train, 20 test · wasm/);
  expect(stdout).toMatch(/^ {2}circle +[█░]{20} +\d+\.\d %$/m);
  expect(code).toBe(0);
  expect((await readdir(folder)).sort()).toEqual([
    'result.json',
    'settings.json',
    'timing.json',
    'weights.safetensors',
  ]);
  const { test: trained } = JSON.parse(await readFile(path.join(folder, 'result.json'), 'utf8'));
  for (const place of [folder, path.join(folder, 'weights.safetensors')]) {
    const { stdout: json } = await softgrad('evaluate', place, '--json');
    const found = JSON.parse(json);
    expect(found).toMatchObject({ model: 'smallCnn', pool: 'avg', data: 'shapes', images: 20 });
    expect(found).toMatchObject({ accuracy: trained.accuracy, predictions: trained.predictions });
  }
  const again = await softgrad('train', '--resume', '--json', '--out', folder);
  expect(JSON.parse(again.stdout).test).toEqual(trained);
  expect(again.stderr).toBe('');
});

/** The folder of a run that is finished. */
async function finishedRun(): Promise<string> {
  const folder = await temporaryFolder();
  const data = { train: shapes({ split: 'train', count: 16 }), test: shapes({ split: 'test', count: 10 }) };
  await trainRun(
    { ...recipe.parse(settings), limit: 16, testLimit: 10, pool: 'soft', seed: 0 },
    data,
    new RunFolder(folder),
  );
  return folder;
}

describe('train: mistakes', () => {
  test('a folder with a run, without --resume, and with other options', async () => {
    const folder = await finishedRun();
    const plain = await mistakeIn('train', ['--out', folder]);
    expect(plain).toBeInstanceOf(UsageError);
    expect(String(plain)).toContain('go on with it by --resume, or choose another --out');
    const other = await mistakeIn('train', ['--out', folder, '--resume', '--lr', '0.2', '--epochs', '1']);
    expect(String(other)).toMatch(/--lr is 0.2, but 0.1 in the run in .*; leave it out/);
  });

  test('a damaged checkpoint, and what to do', async () => {
    const folder = await finishedRun();
    for (const name of ['result.json', 'weights.safetensors']) {
      await rename(path.join(folder, name), path.join(folder, `${name}.away`));
    }
    const checkpoint = path.join(folder, 'checkpoint.safetensors');
    const weights = await readFile(path.join(folder, 'weights.safetensors.away'));
    await writeFile(checkpoint, weights.subarray(0, 5000));
    const mistake = await mistakeIn('train', ['--resume', '--quiet', '--out', folder]);
    expect(String(mistake)).toMatch(/checkpoint\.safetensors: it is damaged, cut short.*move it away$/);
    expect(await readFile(checkpoint)).toEqual(weights.subarray(0, 5000));
  });
});

describe('evaluate: mistakes', () => {
  test.each([
    ['nothing there', ['no/such/file'], /no\/such\/file can't be read \(ENOENT/],
    ['no weights', [], /missing/],
  ])('%s', async (_, words, message) => {
    expect(String(await mistakeIn('evaluate', words))).toMatch(message);
  });

  test('a folder without weights, and weights of another program', async () => {
    const folder = await temporaryFolder();
    expect(String(await mistakeIn('evaluate', [folder]))).toMatch(/neither weights\.safetensors nor checkpoint/);
    const foreign = new URL('../../../../test/fixtures/resnet8-soft.safetensors', import.meta.url).pathname;
    expect(String(await mistakeIn('evaluate', [foreign]))).toMatch(/give --model, --pool, --data$/);
  });
});
