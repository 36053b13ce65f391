/**
 * @file Numbers and texts that readers stumble over.
 */
import fc from 'fast-check';

/** Sizes and offsets at the edges of what number types hold. */
export const HOSTILE_INTEGERS: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 7n, 8n, 255n, 256n, 65_535n, 65_536n],
  ...[2n ** 24n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 33n],
  ...[2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n],
];

/** Texts that are taken for paths, properties of prototypes, ends of strings or commands for a terminal. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '../x',
    '../../../../tmp/x',
    '/etc/passwd',
    'C:\\x',
    '..\\x',
    'x/../../y',
    'a/b',
    '~',
    '%2e%2e%2f',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', '__metadata__'],
  ...[
    '\0',
    'a\0b',
    '\n',
    '\u001b[2J',
    '\u007f',
    '\ud800',
    '\udc00',
    'a\udfffb',
    '\ufeff',
    '\ufffe',
    '\u202e',
    '🙂',
    'é',
    'e\u0301',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '-0',
    '1e999',
    '0x10',
    '1e3',
    '١',
    'null',
    'true',
    '-1',
    '1.5',
    '1_000',
    ' 1',
    '1 ',
  ],
  ...[
    '$' + '{x}',
    '{{x}}',
    '$(x)',
    '`x`',
    "'",
    '"',
    '\\',
    '--',
    '--help',
    '-',
    '=',
    ',',
    ',,',
    '%s',
    '<script>',
    'a'.repeat(5000),
  ],
];

/** JSON texts of numbers, some of which only a file can hold. */
const HOSTILE_NUMBERS: readonly string[] = [
  ...HOSTILE_INTEGERS.map(String),
  ...['-1', '-0', '0.5', '1.5', '-9007199254740991', '1e21', '1e308', '1e999', '-1e999', '5e-324', '0.1'],
];

export const hostileInteger: fc.Arbitrary<bigint> = fc.constantFrom(...HOSTILE_INTEGERS);

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE_TEXTS), weight: 3 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 12 }), weight: 1 },
);

/** Numbers as JSON writes them. */
export const hostileNumberText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE_NUMBERS), weight: 3 },
  { arbitrary: fc.integer({ min: -4, max: 40 }).map(String), weight: 2 },
  { arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), weight: 1 },
);

/** Mostly nothing, now and then a value. */
export function rarely<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 19 }, { arbitrary: values, weight: 1 });
}
