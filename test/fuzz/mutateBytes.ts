/**
 * @file Files that were valid once: bits flipped, lengths replaced, parts cut off, moved and repeated.
 */
import fc from 'fast-check';
import { HOSTILE_TEXTS, hostileInteger } from './hostileValues.js';

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** No input grows beyond this: large enough to tell quadratic time from linear, small enough to be read often. */
const LARGEST = 2 ** 18;

/** A place in a file: near its beginning, where the lengths stand, near its end, or anywhere. */
const place: fc.Arbitrary<(length: number) => number> = fc.oneof(
  fc.nat(15).map((at) => (length: number) => Math.min(at, length)),
  fc.nat(255).map((at) => (length: number) => Math.min(at, length)),
  fc.nat(15).map((at) => (length: number) => Math.max(0, length - at)),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => (length: number) => Math.floor(share * length)),
);

const insertion = fc.oneof(
  fc.uint8Array({ maxLength: 16 }),
  fc.constantFrom(...HOSTILE_TEXTS).map((text) => new TextEncoder().encode(text)),
  // Half of a surrogate pair, as no proper UTF-8 has it.
  fc.constant(Uint8Array.of(0xed, 0xa0, 0x80)),
  fc.constantFrom('[', '{"a":', '"', '\\', '0', ' ').map((text) => new TextEncoder().encode(text.repeat(10_000))),
);

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(
    Math.min(
      LARGEST,
      parts.reduce((sum, { length }) => sum + length, 0),
    ),
  );
  let at = 0;
  for (const part of parts) {
    joined.set(part.subarray(0, joined.length - at), at);
    at = Math.min(joined.length, at + part.length);
  }
  return joined;
}

function overwrite(bytes: Uint8Array, at: number, value: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(value.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length));
  return copy;
}

function integerBytes(value: bigint, width: number, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, littleEndian);
  const bytes = new Uint8Array(view.buffer);
  return littleEndian ? bytes.subarray(0, width) : bytes.subarray(8 - width);
}

const bitFlip = fc.tuple(place, fc.nat(7)).map(([at, bit]): Mutation => {
  return (bytes) => {
    const index = Math.min(at(bytes.length), bytes.length - 1);
    return bytes.length === 0 ? bytes : overwrite(bytes, index, Uint8Array.of((bytes[index] ?? 0) ^ (1 << bit)));
  };
});
const byteSet = fc.tuple(place, fc.nat(255)).map(([at, value]): Mutation => {
  return (bytes) => overwrite(bytes, at(bytes.length), Uint8Array.of(value));
});
const lengthSet = fc
  .tuple(place, hostileInteger, fc.constantFrom(1, 2, 4, 8), fc.boolean())
  .map(([at, value, width, littleEndian]): Mutation => {
    return (bytes) => overwrite(bytes, at(bytes.length), integerBytes(value, width, littleEndian));
  });
const cut = place.map(
  (at): Mutation =>
    (bytes) =>
      bytes.slice(0, at(bytes.length)),
);
const removal = fc.tuple(place, fc.nat(64)).map(([at, count]): Mutation => {
  return (bytes) => join(bytes.subarray(0, at(bytes.length)), bytes.subarray(at(bytes.length) + count));
});
const addition = fc.tuple(place, insertion).map(([at, added]): Mutation => {
  return (bytes) => join(bytes.subarray(0, at(bytes.length)), added, bytes.subarray(at(bytes.length)));
});
const move = fc.tuple(place, place, fc.nat(64)).map(([from, to, count]): Mutation => {
  return (bytes) => {
    const part = bytes.subarray(from(bytes.length), from(bytes.length) + count);
    return overwrite(bytes, to(bytes.length), part);
  };
});
const repetition = fc.tuple(place, fc.nat(64), fc.nat(12)).map(([from, count, doublings]): Mutation => {
  return (bytes) => {
    const start = from(bytes.length);
    let part: Uint8Array = bytes.slice(start, start + count);
    for (let i = 0; i < doublings && part.length < LARGEST; i++) part = join(part, part);
    return join(bytes.subarray(0, start), part, bytes.subarray(start));
  };
});

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: bitFlip, weight: 6 },
  { arbitrary: byteSet, weight: 4 },
  { arbitrary: lengthSet, weight: 6 },
  { arbitrary: cut, weight: 2 },
  { arbitrary: removal, weight: 2 },
  { arbitrary: addition, weight: 2 },
  { arbitrary: move, weight: 2 },
  { arbitrary: repetition, weight: 1 },
);

/** One of the valid files, changed in up to `most` places. */
export function mutated(files: readonly Uint8Array[], most = 4): fc.Arbitrary<Uint8Array> {
  const mutations = fc.array(mutation, { maxLength: most, size: 'max' });
  return fc
    .tuple(fc.constantFrom(...files), mutations)
    .map(([file, steps]) => steps.reduce((bytes, step) => step(bytes), file));
}

/** Mostly valid files, changed; sometimes bytes out of nowhere, alone or behind the first bytes of a valid file. */
export function hostileBytes(files: readonly Uint8Array[], most?: number): fc.Arbitrary<Uint8Array> {
  const noise = fc.uint8Array({ maxLength: 300, size: 'max' });
  const begun = fc
    .tuple(fc.constantFrom(...files), fc.nat(32), noise)
    .map(([file, count, rest]) => join(file.subarray(0, count), rest));
  return fc.oneof(
    { arbitrary: mutated(files, most), weight: 14 },
    { arbitrary: noise, weight: 1 },
    { arbitrary: begun, weight: 1 },
  );
}
