import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { complaintAboutFormat } from './documentedErrors.js';
import { demand, fuzzTarget } from './fuzzTarget.js';

/** A reader of bytes that does `harm` where there is a 7, and refuses where there is an 8. */
function targetOf(harm: (bytes: Uint8Array) => unknown) {
  return fuzzTarget({
    ...{ name: 'made up', cases: 1, inputs: fc.uint8Array({ maxLength: 20 }), bytes: (bytes: Uint8Array) => bytes },
    read: (bytes) => {
      if (bytes.includes(8)) throw new FormatError('file', bytes.indexOf(8), 'no 8, please');
      return bytes.includes(7) ? harm(bytes) : undefined;
    },
    complaint: (error, bytes) => complaintAboutFormat(error, 'file', bytes.length),
  });
}

/** Allocations that no collection takes away before they are measured; nothing touches their pages. */
const kept: Uint8Array[] = [];

const options = { cases: 2000, seed: 1 };

describe('fuzzing finds', () => {
  test.each<[string, (bytes: Uint8Array) => unknown, string]>([
    ['another error', () => new Uint8Array(-1), 'threw a RangeError, expected FormatError'],
    ['an error that is none', () => Promise.reject('no'), "threw something that isn't an Error"],
    ['a wrong offset', () => raise(new FormatError('file', 21, 'x')), '21 is no offset in 1 bytes'],
    ['another file', () => raise(new FormatError('other', 0, 'x')), "the message doesn't name the file file"],
    ['a long message', () => raise(new FormatError('file', 0, 'x'.repeat(2000))), 'the message has 2014 characters'],
    ['a broken invariant', () => demand(1 > 2, 'one is more'), 'what was read breaks an invariant: one is more'],
    ['too much memory', () => kept.push(new Uint8Array(2 ** 24)), 'for an input of 1 bytes'],
  ])('%s, and the smallest input', async (_, harm, problem) => {
    const { failure } = await targetOf(harm).run(options);
    expect(failure?.problem).toContain(problem);
    expect(failure?.bytes).toEqual(Uint8Array.of(7));
    const again = await targetOf(harm).run({ ...options, path: failure?.path });
    expect(again.failure?.bytes).toEqual(Uint8Array.of(7));
  });

  test('nothing where memory was taken but once, as the engine does when it optimises', async () => {
    let isFirst = true;
    const report = await targetOf(() => {
      if (isFirst) kept.push(new Uint8Array(2 ** 24));
      isFirst = false;
    }).run(options);
    expect([isFirst, report.failure]).toEqual([false, undefined]);
  });

  test('nothing in a good reader, and counts', async () => {
    const report = await targetOf(() => undefined).run(options);
    expect(report).toMatchObject({ cases: 2000 });
    expect(report.failure).toBeUndefined();
    expect(report.read + report.refused).toBe(2000);
    expect(report.refused).toBeGreaterThan(10);
  });
});

test('the input of a case is known by its seed and number', async () => {
  const seen: Uint8Array[] = [];
  const target = targetOf((bytes) => seen.push(bytes));
  const numbers: number[] = [];
  let begun = 0;
  await target.run({
    ...options,
    onCase: (index) => {
      if (seen.length > numbers.length) numbers.push(begun);
      begun = index;
    },
  });
  expect(numbers.length).toBeGreaterThan(3);
  for (const [i, number] of numbers.slice(0, 3).entries())
    expect(target.bytesOf(options.seed, number)).toEqual(seen[i]);
});

function raise(error: Error): never {
  throw error;
}
