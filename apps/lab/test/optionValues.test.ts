import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { aloneOrListOf, decimalNumber, listOf, oneOf, seedList, wholeNumber } from '../src/optionValues.js';

describe('wholeNumber', () => {
  property.prop([fc.nat()])('reads what is written', (value) => {
    expect(wholeNumber({ least: 0 })(`${value}`)).toBe(value);
  });

  test.each(['0', '-1', '1.5', '1e3', '', ' ', 'x', '0x10', '9007199254740993'])('refuses %j', (text) => {
    expect(() => wholeNumber()(text)).toThrow('at least 1');
  });

  test('names both bounds', () => {
    expect(() => wholeNumber({ most: 64 })('65')).toThrow('a whole number of at least 1 and at most 64');
  });
});

describe('decimalNumber', () => {
  property.prop([fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })])('reads what is written', (value) => {
    expect(decimalNumber()(`${value}`)).toBe(value);
  });

  test.each(['', ' ', 'x', 'NaN', 'Infinity', '-0.1', '0,1'])('refuses %j', (text) => {
    expect(() => decimalNumber()(text)).toThrow('a number of at least 0');
  });

  test('keeps to its upper bound', () => {
    expect(decimalNumber({ most: 1 })('1')).toBe(1);
    expect(() => decimalNumber({ most: 1 })('1.01')).toThrow('at most 1');
  });
});

describe('words', () => {
  test('one of them', () => {
    expect(oneOf(['a', 'b'])('b')).toBe('b');
    expect(() => oneOf(['a', 'b'])('c')).toThrow('Allowed: a, b.');
  });

  test('several, in the order given', () => {
    expect(listOf(['a', 'b', 'c'])('c, a')).toEqual(['c', 'a']);
    expect(() => listOf(['a', 'b'])('a,c')).toThrow('Allowed: a, b.');
    expect(() => listOf(['a', 'b'])('a,,b')).toThrow('Allowed: a, b.');
    expect(() => listOf(['a', 'b'])('a,a')).toThrow('once');
  });

  test('one that stands alone, or several others', () => {
    const read = aloneOrListOf('none', ['a', 'b']);
    expect([read('none'), read(' none '), read('b, a')]).toEqual(['none', 'none', ['b', 'a']]);
    for (const text of ['none,a', 'a,none', 'c', '', 'a,,b']) {
      expect(() => read(text), text).toThrow('Allowed: a, b; or none, which stands alone.');
    }
    expect(() => read('a,a')).toThrow('Each may be named once.');
  });
});

describe('seedList', () => {
  test.each([
    ['3', [0, 1, 2]],
    ['1', [0]],
    ['4,7', [4, 7]],
    ['7,', [7]],
    [' 2 , 1 ', [2, 1]],
  ])('%j means %j', (text, seeds) => {
    expect(seedList(text)).toEqual(seeds);
  });

  test.each(['', '0', '-1', 'a', '1,a', ',', ',1', '1,,2', '1.5', '1001', '999999999', '3,3'])('refuses %j', (text) => {
    expect(() => seedList(text)).toThrow(/must|once/);
  });
});
