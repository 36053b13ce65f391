/** @file Conversions between float32 and the two 16-bit float formats, rounding to nearest, ties to even. */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The value of an IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The half nearest to a float32 value; values of 65,520 and more become infinite. */
export function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(value) * 2 ** 24);
  // Rebias the exponent from 127 to 15; a carry out of the fraction moves into the exponent, as it should.
  return sign | dropBits(magnitude - 0x38000000, 13);
}

/** The value of a bfloat16: the upper half of a float32. */
export function bfloat16ToFloat(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0]!;
}

/** The bfloat16 nearest to a float32 value. */
export function floatToBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch[0] = value;
  return dropBits(scratchBits[0]!, 16);
}

/** Drops the lowest `count` bits, rounding to nearest, ties to even. */
function dropBits(bits: number, count: number): number {
  const lastKept = (bits >>> count) & 1;
  return Math.floor((bits + 2 ** (count - 1) - 1 + lastKept) / 2 ** count);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
