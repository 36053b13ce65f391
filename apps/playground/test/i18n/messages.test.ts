import { poolNames } from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { messages } from '../../src/i18n/index.js';

/** Every text, by its path; texts with numbers in them are called with some. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value('1', '2', '3', '4'))]];
  return Object.entries(value as object).flatMap(([name, part]) => textsOf(part, `${path}.${name}`));
}

describe.each(['en', 'zh'] as const)('the messages in %s', (language) => {
  test('are all there', () => {
    const empty = textsOf(messages[language]).filter(([, text]) => text.trim() === '' || text.includes('undefined'));
    expect(empty).toEqual([]);
  });

  test('name every pooling strategy', () => {
    expect(Object.keys(messages[language].common.pools)).toEqual(expect.arrayContaining(poolNames()));
  });
});

test('Chinese sentences use Chinese punctuation', () => {
  const suspicious = textsOf(messages.zh).filter(([, text]) => /[\u4e00-\u9fff][,;:?!]/.test(text));
  expect(suspicious).toEqual([]);
});
