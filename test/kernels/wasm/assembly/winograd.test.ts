import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConvGeometry } from '../../../../src/kernels/convGeometry.js';
import { type ConvOperands, convOperands, type Pass, referencePass } from './convReference.js';
import { runConvPass } from './runConvPass.js';
import { KernelRig, variants } from './support.js';

/**
 * Largest error, as a share of the result's RMS. A direct sum of these lengths errs by 5e-7. F(2×2) adds up four values where
 * a direct sum adds one; F(4×4) multiplies by up to 2.5 per axis before and 2√2 after: measured over thousands of
 * geometries 2.5e-6 and 9e-6, here with room for longer sums and unlucky geometries.
 */
const tolerances = { 2: 6e-6, 4: 2e-5 } as const;

/** Geometries with partial tiles, blocks and panels, of one tile and of many, slices of constant depth. */
const geometries: fc.Arbitrary<ConvGeometry> = fc
  .record({
    batch: fc.integer({ min: 0, max: 4 }),
    channels: fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 60, max: 150 })),
      fc.tuple(fc.integer({ min: 60, max: 150 }), fc.integer({ min: 1, max: 3 })),
    ),
    depth: fc.integer({ min: 1, max: 2 }),
    height: fc.integer({ min: 1, max: 30 }),
    width: fc.integer({ min: 1, max: 30 }),
    padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
  })
  .map(({ batch, channels: [inChannels, outChannels], depth, height, width, padding }) => ({
    batch,
    inChannels,
    outChannels,
    groups: 1,
    input: [depth, height, width] as const,
    output: [depth, height + 2 * padding[0] - 2, width + 2 * padding[1] - 2] as const,
    kernel: [1, 3, 3] as const,
    stride: [1, 1, 1] as const,
    padding: [0, ...padding] as const,
    dilation: [1, 1, 1] as const,
  }))
  .filter(({ output }) => Math.min(...output) > 0)
  .filter((g) => g.batch * g.inChannels * g.outChannels * g.output[1] * g.output[2] * g.input[0] < 15_000);

/** The RMS of the results; where they cancel out by chance, a tenth of the RMS of their sums of magnitudes. */
function magnitude({ values, scale }: { values: Float64Array; scale: Float64Array }): number {
  const rms = (numbers: Float64Array): number => Math.hypot(...numbers) / Math.sqrt(numbers.length);
  return Math.max(rms(values), rms(scale) / 10);
}

const wildValues = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** The operands with one cell of x, or of the cotangent, replaced by `value`. */
function withWild(operands: ConvOperands, of: 'x' | 'cotangent', cell: number, value: number): ConvOperands {
  const changed = operands[of].slice();
  changed[cell] = value;
  return { ...operands, [of]: changed };
}

describe.each(variants)('winograd ($name)', ({ module }) => {
  const rig = new KernelRig(module, 1024);

  describe.each([
    [2, 2],
    [4, 4],
  ] as const)('F(%i×%i)', (tile, _columns) => {
    describe.each<Pass>(['forward', 'inputGrad', 'weightGrad'])('%s', (pass) => {
      const run = (operands: ConvOperands, geometry: ConvGeometry, relu: boolean, ranges: number): Float32Array =>
        runConvPass(rig, operands, { family: 'winograd', pass, geometry, tile, relu, ranges });

      test('equals float64 loops for any size, padding and number of channels', () => {
        fc.assert(
          fc.property(geometries, fc.integer(), fc.boolean(), (g, seed, relu) => {
            const operands = convOperands(g, seed, false);
            const expected = referencePass(pass, g, operands, relu);
            const actual = run(operands, g, relu, 1);
            const bound = tolerances[tile] * magnitude(expected);
            const wrong = actual.findIndex((value, i) => !(Math.abs(value - expected.values[i]!) <= bound));
            expect(wrong).toBe(-1);
          }),
          { numRuns: 200 },
        );
      });

      test('gives the same bits in 1, 2 and 3 ranges', () => {
        fc.assert(
          fc.property(geometries, fc.integer(), (g, seed) => {
            const operands = convOperands(g, seed, false);
            const whole = run(operands, g, false, 1);
            expect(run(operands, g, false, 2)).toEqual(whole);
            expect(run(operands, g, false, 3)).toEqual(whole);
          }),
          { numRuns: 50 },
        );
      });

      test('NaN and infinity reach every result they belong to, and no further than their tiles', () => {
        const of = pass === 'inputGrad' ? 'cotangent' : 'x';
        const places = fc.record({ g: geometries.filter(({ batch }) => batch > 0), seed: fc.integer(), at: fc.nat() });
        fc.assert(
          fc.property(places, fc.constantFrom(...wildValues), fc.boolean(), ({ g, seed, at }, value, relu) => {
            const tame = convOperands(g, seed, false);
            const cell = at % tame[of].length;
            const operands = withWild(tame, of, cell, value);
            const expected = referencePass(pass, g, operands, relu);
            const bound = tolerances[tile] * magnitude(referencePass(pass, g, tame, relu));
            const actual = run(operands, g, relu, 1);
            const inReach = reach(pass, g, cell, tile);
            const isWrong = (result: number, i: number): boolean => {
              const ideal = expected.values[i]!;
              if (!Number.isFinite(ideal)) return Number.isFinite(result);
              return !(Math.abs(result - ideal) <= bound) && (Number.isFinite(result) || !inReach(i));
            };
            expect(actual.findIndex(isWrong)).toBe(-1);
          }),
          { numRuns: 50 },
        );
      });
    });
  });
});

/** Whether a result may be touched by the source cell `cell`: same slice, at most a tile and a window away. */
function reach(pass: Pass, g: ConvGeometry, cell: number, tile: number): (result: number) => boolean {
  if (pass === 'weightGrad') {
    const channel = Math.floor(cell / (g.input[0] * g.input[1] * g.input[2])) % g.inChannels;
    return (result) => Math.floor(result / 9) % g.inChannels === channel;
  }
  const isForward = pass === 'forward';
  const from = place(cell, isForward ? g.inChannels : g.outChannels, isForward ? g.input : g.output);
  const shift = isForward ? g.padding : [0, 2 - g.padding[1], 2 - g.padding[2]];
  return (result) => {
    const to = place(result, isForward ? g.outChannels : g.inChannels, isForward ? g.output : g.input);
    const isNear = [1, 2].every((axis) => Math.abs(to.at[axis]! - from.at[axis]! - shift[axis]!) <= tile + 1);
    return to.image === from.image && to.at[0] === from.at[0] && isNear;
  };
}

function place(index: number, channels: number, [depth, height, width]: readonly [number, number, number]) {
  const x = index % width;
  const y = Math.floor(index / width) % height;
  const z = Math.floor(index / (width * height)) % depth;
  return { image: Math.floor(index / (width * height * depth * channels)), at: [z, y, x] };
}
