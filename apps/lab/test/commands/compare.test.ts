import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { compareCommand } from '../../src/commands/compare.js';
import { explainMistakes } from '../../src/mistakes.js';
import { STUDY_FILE } from '../../src/study/study.js';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { UsageError } from '../../src/usageError.js';
import { softgrad, studyOf, temporaryFolder } from '../support.js';

const tiny = 'compare --data shapes --model smallCnn --pools soft,max --limit 16 --test-limit 10 --epochs 1'.split(' ');

/** What the command says of `words`, in this process: cases are many, and a process for each is slow. */
function mistakeIn(words: string): Promise<unknown> {
  const command = compareCommand();
  explainMistakes(command);
  return command.parseAsync(words.split(' '), { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a mistake says in one line what is allowed', () => {
  test.each([
    ['--bogus', '--pools'],
    ['extra', "'extra' is one word too many"],
    ['--pools soft max', "'max' is one word too many (a list has no spaces: soft,max)"],
    ['--pools', 'avg, max, soft'],
    ['--pools soft,median', 'avg, max, soft'],
    ['--pools soft,max --baseline avg', 'allowed: soft, max'],
    ['--model alexnet', 'smallCnn, resnet8'],
    ['--data clips --model resnet8', 'allowed: resnet3d'],
    ['--data shapes --model waveformCnn', 'allowed: smallCnn, resnet8'],
    ['--data imagenet', 'shapes, waveforms, clips, cifar10, cifar100, mnist'],
    ['--lr fast', 'at least 0'],
    ['--label-smoothing 2', 'at most 1'],
    ['--epochs 0', 'at least 1'],
    ['--seeds 1,1', 'once'],
    ['--augment blur', 'crop, flip, cutout'],
    ['--data clips --augment crop,flip', 'to the right into one to the left: not allowed with --data clips'],
    ['--data waveforms --augment flip', 'a rising tone into a falling one'],
    ['--backend cuda', 'wasm'],
    ['--backend reference --threads 2', 'wasm'],
    ['--variant avx', 'relaxed, simd'],
  ])('compare %s', async (words, allowed) => {
    const mistake = await mistakeIn(words);
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toContain(allowed);
    expect(String(mistake)).not.toContain('\n');
  });

  test.each([
    ['mnist without a folder', '--data mnist', '--data-dir'],
    ['a folder that is not there', '--data cifar10 --data-dir no/such/folder', 'cifar-10-binary.tar.gz'],
  ])('%s', async (_, words, allowed) => {
    const mistake = await mistakeIn(`${words} --out ${await temporaryFolder()}`);
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toContain(allowed);
  });
});

test.each([
  ['bogus', 'allowed: compare, worker, train, evaluate, predict, models, report'],
  ['compare --pool soft', 'Did you mean --pools?'],
  ['', 'softgrad --help tells more'],
])('softgrad %s: one line on stderr, exit code 2', async (words, allowed) => {
  const { code, stdout, stderr } = await softgrad(...words.split(' ').filter(Boolean));
  expect(stderr).toMatch(/^softgrad: [^\n]+\n$/);
  expect(stderr).toContain(allowed);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test.each([
  ['compare', '--help'],
  ['help', 'compare'],
])('%s %s goes to stdout and is no mistake', async (...words) => {
  const { code, stdout, stderr } = await softgrad(...words);
  expect(stdout).toContain('--baseline <pool>');
  for (const { name, formula, source } of nn.poolStrategies()) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(stdout).toContain(`${formula}`);
    expect(stdout).toContain(`${source}`);
  }
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('a whole study: heading, progress, table, verdict and study.json', async () => {
  const folder = path.join(await temporaryFolder(), 'new');
  const { code, stdout, stderr } = await softgrad(...tiny, '--seeds', '4,7', '--batch-size', '8', '--out', folder);
  expect(code).toBe(0);
  expect(stdout).toContain('smallCnn on shapes · 16 train, 10 test');
  expect(stdout).toMatch(/^ {2}soft +\d+\.\d ± \d+\.\d % /m);
  expect(stdout).toMatch(/^ {2}max +\d+\.\d ± \d+\.\d % +– /m);
  expect(stdout).toMatch(/with 2 seeds\.|\(p < \.05\)\./);
  expect(`${stdout}${stderr}`).not.toMatch(/undefined|NaN|\[object/);
  expect(stripVTControlCharacters(stdout)).toBe(stdout);
  expect(stderr.trimEnd().split('\n')).toHaveLength(4);

  expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.md', 'runs', STUDY_FILE, 'timing.json']);
  expect(stdout).toContain(`${path.join(folder, 'report.html')} shows it all`);
  const study = await new StudyFolder(folder).study();
  expect(study).toMatchObject({ complete: true, data: { trainImages: 16, testImages: 10 } });
  expect(study?.settings).toMatchObject({ pools: ['soft', 'max'], baseline: 'max', seeds: [4, 7], batchSize: 8 });
  expect(study?.runs.map(({ pool, seed }) => `${pool} ${seed}`)).toEqual(['soft 4', 'max 4', 'soft 7', 'max 7']);
});

test('runs that diverge are named, and all others are shown', async () => {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await softgrad(...tiny, '--seeds', '0,1', '--lr', '1e30', '--out', folder);
  expect(code).toBe(1);
  const notes = stderr.split('\n').filter((line) => line.endsWith('the other runs go on'));
  expect(notes).toHaveLength(4);
  expect(stderr).toMatch(/softgrad: soft, seed 0: the test loss is NaN after epoch 1.*; max, seed 0 .*failed, too\n$/);
  expect(stdout).toContain('0 of 4 runs are done.');
});

test.each([
  ['waveforms', 'waveformCnn'],
  ['clips', 'resnet3d'],
])('%s, with the model that suits them', async (data, model) => {
  const folder = await temporaryFolder();
  const words = `--data ${data} --pools soft,max --limit 16 --test-limit 8 --batch-size 8 --epochs 1 --quiet --out ${folder}`;
  expect(await mistakeIn(words)).toBeUndefined();
  const study = await new StudyFolder(folder).study();
  expect(study).toMatchObject({ settings: { data, model }, complete: true, data: { trainImages: 16, testImages: 8 } });
});

test('--json prints study.json and nothing else', async () => {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await softgrad(...tiny, '--json', '--out', folder);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toBe(await readFile(path.join(folder, STUDY_FILE), 'utf8'));
});

describe('--force', () => {
  test('begins anew', async () => {
    const folder = await temporaryFolder();
    expect(await mistakeIn(`${tiny.slice(1).join(' ')} --quiet --out ${folder}`)).toBeUndefined();
    expect(await mistakeIn(`${tiny.slice(1).join(' ')} --quiet --lr 0.3 --force --out ${folder}`)).toBeUndefined();
    expect(await new StudyFolder(folder).study()).toMatchObject({ complete: true, settings: { lr: 0.3 } });
  });

  test.each([
    ['whose data are missing', '--data cifar10 --data-dir no/such/folder', 'cifar-10-binary.tar.gz'],
    ['whose baseline is not among its poolings', '--data shapes --pools soft,avg --baseline max', 'allowed: soft, avg'],
    ['whose queue is away', '--data shapes --limit 16 --test-limit 8 --queue redis://127.0.0.1:1', '127.0.0.1:1'],
  ])('leaves the study there for one %s', async (_, words, reason) => {
    const folder = new StudyFolder(await temporaryFolder());
    const { study, timing } = studyOf({ soft: [0.5], max: [0.6] });
    await folder.write(study, timing);
    expect(String(await mistakeIn(`${words} --quiet --force --out ${folder.folder}`))).toContain(reason);
    expect(await folder.study()).toEqual(study);
  });
});

test('a study with other settings is left alone', async () => {
  const folder = new StudyFolder(await temporaryFolder());
  const { study, timing } = studyOf({ soft: [0.5], max: [0.6] });
  await folder.write(study, timing);
  const mistake = await mistakeIn(`${tiny.slice(1).join(' ')} --out ${folder.folder}`);
  expect(mistake).toBeInstanceOf(UsageError);
  expect(String(mistake)).toContain('--force');
  expect(await folder.study()).toEqual(study);
});
