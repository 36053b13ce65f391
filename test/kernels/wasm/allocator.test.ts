import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ALIGNMENT, Allocator, type Block } from '../../../src/kernels/wasm/allocator.js';

const START = 65_536;
const CAPACITY = 1 << 22;

/** A memory that exists up to `end` and grows in steps of 64 KiB up to `capacity`. */
function growing(capacity = CAPACITY): { allocator: Allocator; size: () => number } {
  let end = START + 65_536;
  const growTo = (wanted: number): number => {
    if (wanted <= capacity) end = Math.max(end, Math.ceil(wanted / 65_536) * 65_536);
    return end;
  };
  return { allocator: new Allocator(START, end, growTo), size: () => end };
}

/** What a program does: allocate so many bytes, or free one of the blocks it has. */
const programs = fc.array(
  fc.oneof(
    fc.record({ bytes: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 70_000 })) }),
    fc.record({ victim: fc.nat() }),
  ),
  { maxLength: 120 },
);

type Program = readonly ({ readonly bytes: number } | { readonly victim: number })[];

function runProgram(allocator: Allocator, program: Program, check: (live: readonly Block[]) => void): Block[] {
  const live: Block[] = [];
  for (const step of program) {
    if ('bytes' in step) {
      const block = allocator.allocate(step.bytes, 'test');
      if (block) live.push(block);
    } else if (live.length > 0) {
      allocator.free(live.splice(step.victim % live.length, 1)[0]!);
    }
    check(live);
  }
  return live;
}

describe('Allocator', () => {
  test.prop([programs], { numRuns: 300 })('hands out aligned blocks that do not overlap', (program) => {
    const { allocator, size } = growing();
    runProgram(allocator, program, (live) => {
      const sorted = live.toSorted((a, b) => a.address - b.address);
      sorted.forEach((block, i) => {
        expect(block.address % ALIGNMENT).toBe(0);
        expect(block.address).toBeGreaterThanOrEqual(START);
        expect(block.address + block.bytes).toBeLessThanOrEqual(sorted[i + 1]?.address ?? size());
      });
      expect(allocator.liveBytes).toBe(live.reduce((total, { bytes }) => total + bytes, 0));
    });
  });

  test.prop([programs], { numRuns: 300 })('gives blocks at least as large as asked for', (program) => {
    const { allocator } = growing();
    for (const step of program) {
      if (!('bytes' in step)) continue;
      const block = allocator.allocate(step.bytes, 'test');
      if (block) expect(block.bytes).toBeGreaterThanOrEqual(step.bytes);
    }
  });

  test.prop([programs], { numRuns: 300 })('makes one free block of all that is freed', (program) => {
    const { allocator, size } = growing();
    for (const block of runProgram(allocator, program, () => {})) allocator.free(block);
    expect(allocator.liveBytes).toBe(0);
    const before = size();
    expect(allocator.allocate(before - START, 'everything')?.address).toBe(START);
    expect(size()).toBe(before);
  });

  test.prop([programs], { numRuns: 100 })('needs no more memory when a program is run again', (program) => {
    const { allocator, size } = growing();
    const round = (): void => {
      for (const block of runProgram(allocator, program, () => {})) allocator.free(block);
    };
    round();
    const after = size();
    for (let i = 0; i < 3; i++) round();
    expect(size()).toBe(after);
  });

  test('returns nothing where there is no room, and goes on', () => {
    const { allocator } = growing(1 << 20);
    const first = allocator.allocate(500_000, 'first');
    expect(first).toBeDefined();
    expect(allocator.allocate(900_000, 'too much')).toBeUndefined();
    allocator.free(first!);
    expect(allocator.allocate(900_000, 'now it fits')).toBeDefined();
  });

  test('names who holds most, by owner and size', () => {
    const { allocator } = growing();
    for (let i = 0; i < 3; i++) allocator.allocate(1024, 'conv');
    allocator.allocate(64, 'conv');
    allocator.allocate(2048, 'relu');
    expect(allocator.largestHolders(2)).toEqual([
      { owner: 'conv', bytes: 1024, count: 3 },
      { owner: 'relu', bytes: 2048, count: 1 },
    ]);
  });

  test('remembers the peak', () => {
    const { allocator } = growing();
    allocator.free(allocator.allocate(64_000, 'a')!);
    allocator.allocate(6400, 'b');
    expect(allocator.peakBytes).toBe(64_000);
  });
});
