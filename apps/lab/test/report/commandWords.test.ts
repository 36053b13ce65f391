import { expect, test } from 'vitest';
import { type CompareOptions, compareCommand, compareSettings } from '../../src/commands/compare.js';
import { commandLines, compareWords, trainWords } from '../../src/report/commandWords.js';
import { recipe, type StudySettings } from '../../src/study/settings.js';
import { settings } from '../support.js';

/** The settings that `compare` takes from the words of a command. */
function settingsFrom(words: readonly string[]): StudySettings {
  let found: StudySettings | undefined;
  const command = compareCommand().action((options: CompareOptions) => {
    found = compareSettings(options);
  });
  command.parse(words.slice(1), { from: 'user' });
  if (!found) throw new Error('the command was not run');
  return found;
}

const limited: StudySettings = { ...settings, limit: 3000, testLimit: 500, augment: [], seeds: [7], baseline: 'soft' };

const cases: readonly (readonly [what: string, wanted: StudySettings])[] = [
  ['all defaults spelt out', settings],
  ['limits, one seed, no augmentation', limited],
  ['other optimiser and schedule', { ...settings, optimizer: 'adamw', schedule: 'constant', lr: 1e-3 }],
  ['real data', { ...settings, data: 'cifar10', model: 'resnet20', seeds: [0, 4, 9] }],
];

test.each(cases)('the command asks for the very settings: %s', (_, wanted) => {
  expect(settingsFrom(compareWords({ settings: wanted, arithmetic: 'wasm simd+fma' }))).toEqual(wanted);
});

test.each([
  ['wasm simd', '--variant simd'],
  ['wasm simd+fma', '--variant relaxed'],
  ['reference', '--backend reference'],
])('the arithmetic %s is asked for by %s', (arithmetic, words) => {
  expect(compareWords({ settings, arithmetic }).join(' ')).toMatch(new RegExp(`${words}$`));
});

test('a run is repeated by its pooling and its seed', () => {
  const run = { ...recipe.parse(limited), pool: 'soft', seed: 4 };
  expect(trainWords({ settings: run, arithmetic: 'wasm simd' }).join(' ')).toBe(
    'train --data shapes --limit 3000 --test-limit 500 --model smallCnn --pool soft --seed 4 --epochs 1 --batch-size 8 ' +
      '--optimizer sgd --lr 0.1 --weight-decay 0.0005 --schedule oneCycle --label-smoothing 0 --augment none --variant simd',
  );
});

test('lines are short, and a shell joins them to the command', () => {
  const words = compareWords({ settings: { ...settings, data: 'cifar10' }, arithmetic: 'wasm simd' });
  const lines = commandLines('cifar10', words);
  expect(lines[0]).toBe('npx softgrad fetch cifar10');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(90);
  const joined = lines
    .slice(1)
    .join('\n')
    .replace(/ \\\n {2}/g, ' ');
  expect(joined).toBe(`npx softgrad ${words.join(' ')}`);
});
