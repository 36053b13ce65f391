/**
 * @file The command that repeats a study, with every setting spelt out, so that no default can change it.
 */
import { FETCHED_NAMES } from '../../fetch/datasetSources.js';
import type { Study } from '../../study/study.js';

const LINE_WIDTH = 84;

/** The words after `softgrad`. */
export function compareWords({ settings, arithmetic }: Pick<Study, 'settings' | 'arithmetic'>): string[] {
  const { limit, testLimit, seeds, augment, pools } = settings;
  const options: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['data', settings.data],
    ['limit', limit],
    ['test-limit', testLimit],
    ['model', settings.model],
    ['pools', pools.join(',')],
    ['baseline', settings.baseline],
    // A list of one ends with a comma: a lone number says how many.
    ['seeds', seeds.length === 1 ? `${seeds[0]},` : seeds.join(',')],
    ['epochs', settings.epochs],
    ['batch-size', settings.batchSize],
    ['optimizer', settings.optimizer],
    ['lr', settings.lr],
    ['weight-decay', settings.weightDecay],
    ['schedule', settings.schedule],
    ['label-smoothing', settings.labelSmoothing],
    ['augment', augment.join(',') || 'none'],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  return ['compare', ...given, ...backendWords(arithmetic)];
}

/** What has to be typed into a shell; the lines of one command end with a backslash. */
export function commandLines(study: Pick<Study, 'settings' | 'arithmetic'>): string[] {
  const { data } = study.settings;
  const fetch = FETCHED_NAMES.some((name) => name === data) ? [`npx softgrad fetch ${data}`] : [];
  const [command = '', ...words] = compareWords(study);
  const options = words.flatMap((word, i) => (i % 2 === 0 ? [`${word} ${words[i + 1]}`] : []));
  const lines = [`npx softgrad ${command}`];
  for (const option of options) {
    const longer = `${lines.at(-1)} ${option}`;
    if (longer.length > LINE_WIDTH) lines.push(`  ${option}`);
    else lines[lines.length - 1] = longer;
  }
  return [...fetch, ...lines.map((line, i) => (i < lines.length - 1 ? `${line} \\` : line))];
}

/** `wasm simd` and `wasm simd+fma` round differently; the other backends have one way. */
function backendWords(arithmetic: string): string[] {
  const [backend = '', instructions = ''] = arithmetic.split(' ');
  if (backend !== 'wasm') return ['--backend', backend];
  return ['--variant', instructions.includes('fma') ? 'relaxed' : 'simd'];
}
