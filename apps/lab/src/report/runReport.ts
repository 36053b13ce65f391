/**
 * @file What is printed above and below a training or a test of one network.
 */
import path from 'node:path';
import { styleText } from 'node:util';
import { DATA_TITLES, type StudyData } from '../study/datasets.js';
import { RESULT_FILE, TIMING_FILE, WEIGHTS_FILE } from '../study/runFolder.js';
import type { TestRecord } from '../study/runResult.js';
import type { RunSettings } from '../study/settings.js';
import { bar } from './bar.js';
import { duration, grouped, percent } from './format.js';

/** As many classes are listed one by one; of more, the best and the worst. */
const LISTED_CLASSES = 20;
const EXTREMES = 5;
const CONFUSIONS = 3;
const BAR_WIDTH = 20;

export function runHeading(
  { model, pool, seed, data }: Pick<RunSettings, 'model' | 'pool' | 'seed' | 'data'>,
  { train, test }: StudyData,
  backend: string,
  columns: number,
): string {
  const title = `${model} with ${pool} pooling on ${DATA_TITLES[data]}`;
  const images = `${grouped(train.length)} train, ${grouped(test.length)} test`;
  return joined([styleText('bold', title), `seed ${seed}`, images, backend], columns);
}

export function testHeading(
  { model, pool, data }: Pick<RunSettings, 'model' | 'pool' | 'data'>,
  images: number,
  backend: string,
  columns: number,
): string {
  const title = `${model} with ${pool} pooling on ${DATA_TITLES[data]}`;
  return joined([styleText('bold', title), `${grouped(images)} test`, backend], columns);
}

/** In one line, or the first part in a line of its own where one has no room. */
function joined([title = '', ...rest]: readonly string[], columns: number): string {
  const line = rest.join(' · ');
  return `${title}${`${title} · ${line}`.length < columns ? ' · ' : '\n'}${line}\n`;
}

/** How well it does: in all, class by class, and what is taken for what. */
export function runSummary(test: TestRecord, classes: readonly string[], columns: number): string {
  const { accuracy, loss } = test;
  const lines = [
    '',
    `  ${styleText('bold', `test accuracy ${percent(accuracy)}`)}   loss ${loss.toFixed(3)}`,
    '',
    ...classLines(test, classes, columns),
    ...confusionLine(test, classes),
  ];
  return `${lines.join('\n')}\n`;
}

function classLines({ classAccuracy }: TestRecord, classes: readonly string[], columns: number): string[] {
  const known = classes.flatMap((name, i) => {
    const accuracy = classAccuracy[i];
    return accuracy === null || accuracy === undefined ? [] : [{ name, accuracy }];
  });
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  const barWidth = Math.max(0, Math.min(BAR_WIDTH, columns - width - 16));
  const line = ({ name, accuracy }: { name: string; accuracy: number }): string =>
    `  ${name.padEnd(width)}  ${bar(accuracy, barWidth)}  ${percent(accuracy).padStart(7)}`;
  if (known.length <= LISTED_CLASSES) return known.map(line);
  const sorted = known.toSorted((a, b) => b.accuracy - a.accuracy);
  return [...sorted.slice(0, EXTREMES).map(line), '  …', ...sorted.slice(-EXTREMES).map(line)];
}

function confusionLine({ confusion }: TestRecord, classes: readonly string[]): string[] {
  const mistakes = confusion
    .flatMap((row, label) => row.map((count, predicted) => ({ count, label, predicted })))
    .filter(({ count, label, predicted }) => count > 0 && label !== predicted)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, CONFUSIONS)
    .map(({ count, label, predicted }) => `${classes[label]} for ${classes[predicted]} (${count})`);
  return mistakes.length > 0 ? ['', `  Most often taken: ${mistakes.join(', ')}.`] : [];
}

/** Where everything is, or how to go on. */
export function runWhereabouts(folder: string, { finished, seconds }: { finished: boolean; seconds: number }): string {
  const place = path.normalize(folder);
  if (!finished) return `  Interrupted and saved; softgrad train --resume --out ${place} goes on from here.\n`;
  return `  ${WEIGHTS_FILE}, ${RESULT_FILE} and ${TIMING_FILE} in ${place}, after ${duration(seconds)}\n`;
}
