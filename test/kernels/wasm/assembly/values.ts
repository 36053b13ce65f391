/**
 * @file Numbers to feed kernels with, from a seed.
 */
import fc from 'fast-check';

/** Ordinary numbers; thousands; float32's whole range; small whole numbers, so that ties happen; anything at all. */
export type Range = 'unit' | 'large' | 'huge' | 'ties' | 'wild';

export const range: fc.Arbitrary<Range> = fc.constantFrom('unit', 'large', 'huge', 'ties', 'wild');
export const finiteRange: fc.Arbitrary<Range> = fc.constantFrom('unit', 'large', 'huge', 'ties');
export const seed: fc.Arbitrary<number> = fc.integer();

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e-42, 3.4028234663852886e38];

/** `length` float32 numbers of a range; the same seed gives the same numbers. */
export function numbers(start: number, length: number, kind: Range): Float32Array {
  let state = (start ^ 0x9e3779b9) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const one = (): number => {
    const unit = next() * 2 - 1;
    if (kind === 'unit') return unit * 4;
    if (kind === 'large') return unit * 1e4;
    if (kind === 'huge') return unit * 3.4028234663852886e38;
    if (kind === 'ties') return Math.round(unit * 2);
    const pick = next();
    return pick < 0.05 ? specials[Math.floor(pick * 20 * specials.length)]! : unit * 10 ** Math.floor(next() * 8 - 4);
  };
  return Float32Array.from({ length }, one);
}

/** Whether two lists of results agree bit for bit. (`toEqual` takes seconds for what this does in microseconds.) */
export function sameBits(a: readonly Float32Array[], b: readonly Float32Array[]): boolean {
  const bytes = (list: readonly Float32Array[]): Buffer =>
    Buffer.concat(list.map((x) => new Uint8Array(x.buffer, x.byteOffset, x.byteLength)));
  return a.length === b.length && bytes(a).equals(bytes(b));
}
