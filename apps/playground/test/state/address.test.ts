import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { initialState, readAddress, writeAddress } from '../../src/state/address.js';
import { EXPRESSIONS, LESSONS, PICTURES, type PlaygroundState, VIEWS } from '../../src/state/playgroundState.js';

const states: fc.Arbitrary<PlaygroundState> = fc
  .record(
    {
      view: fc.constantFrom(...VIEWS),
      language: fc.constantFrom('auto', 'en', 'zh'),
      theme: fc.constantFrom('auto', 'light', 'dark'),
      picture: fc.constantFrom(...PICTURES),
      pools: fc.uniqueArray(fc.constantFrom('max', 'soft-learned', 'avg', 'lip'), { minLength: 1 }),
      kernel: fc.integer({ min: 2, max: 8 }),
      temperature: fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000),
      values: fc.array(fc.integer({ min: -400, max: 600 }).map((hundredths) => hundredths / 100)),
      overlap: fc.boolean(),
      expression: fc.constantFrom(...EXPRESSIONS),
      lesson: fc.constantFrom(...LESSONS),
    },
    { requiredKeys: [] },
  )
  .map((some) => ({ ...initialState, ...some }) as PlaygroundState);

describe('an address', () => {
  property.prop([states])('gives back the state that it was written from', (state) => {
    expect(readAddress(writeAddress(state))).toEqual(state);
  });

  property.prop([fc.string()])('is read without an error, whatever it says', (text) => {
    expect(Object.keys(readAddress(text))).toEqual(Object.keys(initialState));
  });

  test('is short where nothing was changed', () => {
    expect(writeAddress(initialState)).toBe('#look');
  });

  test.each([
    ['#window?kernel=99&temperature=hot&picture=cat&values=1,x&overlap=perhaps', 'window'],
    ['#nowhere?row=-1&output=16&pools=,&seeds=0.5', 'look'],
  ])('%s falls back to what the page starts with, field by field', (fragment, view) => {
    expect(readAddress(fragment)).toEqual({ ...initialState, view });
  });

  test('is easy to read', () => {
    const state: PlaygroundState = { ...initialState, view: 'window', values: [1, -2.5], pools: ['max', 'soft'] };
    expect(writeAddress(state)).toBe('#window?pools=max,soft&values=1,-2.5');
  });
});
