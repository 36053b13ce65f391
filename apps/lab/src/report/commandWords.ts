/**
 * @file The commands that repeat a study or a run, with every setting spelt out, so that no default can change them.
 */
import { FETCHED_NAMES } from '../fetch/datasetSources.js';
import type { RunIdentity } from '../study/runFolder.js';
import type { DataName, Recipe } from '../study/settings.js';
import type { Study } from '../study/study.js';

const LINE_WIDTH = 84;

type Options = readonly (readonly [name: string, value: string | number | undefined])[];

/** The words after `softgrad` that repeat a study. */
export function compareWords({ settings, arithmetic }: Pick<Study, 'settings' | 'arithmetic'>): string[] {
  const { seeds, pools, baseline } = settings;
  const compared: Options = [
    ['pools', pools.join(',')],
    ['baseline', baseline],
    // A list of one ends with a comma: a lone number says how many.
    ['seeds', seeds.length === 1 ? `${seeds[0]},` : seeds.join(',')],
  ];
  const options = [...subjectOptions(settings), ...compared, ...trainingOptions(settings)];
  return ['compare', ...wordsOf(options), ...backendWords(arithmetic)];
}

/** The words after `softgrad` that repeat a run. */
export function trainWords({ settings, arithmetic }: Pick<RunIdentity, 'settings' | 'arithmetic'>): string[] {
  const { pool, seed } = settings;
  const options: Options = [...subjectOptions(settings), ['pool', pool], ['seed', seed], ...trainingOptions(settings)];
  return ['train', ...wordsOf(options), ...backendWords(arithmetic)];
}

/**
 * What has to be typed into a shell, the data first; the lines of one command end with a backslash.
 *
 * @param words after `softgrad`: a name, then pairs of an option and its value
 */
export function commandLines(data: DataName, [command = '', ...words]: readonly string[]): string[] {
  const fetch = FETCHED_NAMES.some((name) => name === data) ? [`npx softgrad fetch ${data}`] : [];
  const options = words.flatMap((word, i) => (i % 2 === 0 ? [`${word} ${words[i + 1]}`] : []));
  const lines = [`npx softgrad ${command}`];
  for (const option of options) {
    const longer = `${lines.at(-1)} ${option}`;
    if (longer.length > LINE_WIDTH) lines.push(`  ${option}`);
    else lines[lines.length - 1] = longer;
  }
  return [...fetch, ...lines.map((line, i) => (i < lines.length - 1 ? `${line} \\` : line))];
}

function subjectOptions({ data, limit, testLimit, model }: Recipe): Options {
  return [
    ['data', data],
    ['limit', limit],
    ['test-limit', testLimit],
    ['model', model],
  ];
}

function trainingOptions(recipe: Recipe): Options {
  return [
    ['epochs', recipe.epochs],
    ['batch-size', recipe.batchSize],
    ['optimizer', recipe.optimizer],
    ['lr', recipe.lr],
    ['weight-decay', recipe.weightDecay],
    ['schedule', recipe.schedule],
    ['label-smoothing', recipe.labelSmoothing],
    ['augment', recipe.augment.join(',') || 'none'],
  ];
}

function wordsOf(options: Options): string[] {
  return options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
}

/** `wasm simd` and `wasm simd+fma` round differently; the other backends have one way. */
function backendWords(arithmetic: string): string[] {
  const [backend = '', instructions = ''] = arithmetic.split(' ');
  if (backend !== 'wasm') return ['--backend', backend];
  return ['--variant', instructions.includes('fma') ? 'relaxed' : 'simd'];
}
