/**
 * @file Hands out ranges of one growing memory: two-level segregated fit (Masmano, Ripoll, Crespo and Real, 2004).
 *
 * Free blocks are kept in lists by size, eight classes per power of two. A request looks for a block that fits in its own
 * class, then takes any block of the next class that has one; what is left over becomes a free block, and a block that is
 * freed merges with its free neighbours. All of it takes constant time, and the bookkeeping lives outside the memory, so
 * that a kernel that writes out of bounds cannot corrupt it.
 */

/** Every block starts on a cache line and is whole cache lines long. */
export const ALIGNMENT = 64;

/** No block can be larger than what 32-bit addresses reach. */
const ADDRESSABLE = 2 ** 32;
const CLASSES_PER_OCTAVE = 8;
const CLASS_BITS = 3;
const OCTAVES = 32;
/** How many blocks of a request's own class are tried before a larger class is: bounds the time, loses little. */
const TRIES = 16;

/** A range of memory, in use or free. Neighbours are linked by address, free blocks of one class by `next`. */
export interface Block {
  address: number;
  bytes: number;
  isFree: boolean;
  /** Who asked for it; stands in messages. */
  owner: string;
  below: Block | undefined;
  above: Block | undefined;
  previous: Block | undefined;
  next: Block | undefined;
}

/** Live blocks of one owner and size, taken together. */
export interface Holder {
  readonly owner: string;
  readonly bytes: number;
  readonly count: number;
}

export class Allocator {
  readonly #growTo: (end: number) => number;
  readonly #lists: (Block | undefined)[] = new Array<Block | undefined>(OCTAVES * CLASSES_PER_OCTAVE).fill(undefined);
  /** Bit c of entry o says that class c of octave o has a block. */
  readonly #occupied = new Uint8Array(OCTAVES);
  #top: Block | undefined;
  #end: number;
  #liveBytes = 0;
  #peakBytes = 0;

  /**
   * @param start first byte that may be handed out
   * @param end first byte that doesn't exist yet
   * @param growTo makes at least the bytes below its argument exist, and returns the new end; the old one if it can't
   */
  constructor(start: number, end: number, growTo: (end: number) => number) {
    this.#growTo = growTo;
    this.#end = Math.ceil(start / ALIGNMENT) * ALIGNMENT;
    this.#extend(end);
  }

  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** The most bytes that were live at once. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** A block of at least `bytes`, or undefined if there is no room and the memory can't grow. */
  allocate(bytes: number, owner: string): Block | undefined {
    const size = Math.max(Math.ceil(bytes / ALIGNMENT), 1) * ALIGNMENT;
    const block = size < ADDRESSABLE ? (this.#find(size) ?? this.#grow(size)) : undefined;
    if (!block) return undefined;
    this.#unlist(block);
    this.#split(block, size);
    block.isFree = false;
    block.owner = owner;
    this.#liveBytes += block.bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
    return block;
  }

  /** Gives a block back. */
  free(block: Block): void {
    this.#liveBytes -= block.bytes;
    let { below, above } = block;
    if (above?.isFree) {
      this.#unlist(above);
      this.#absorb(block, above);
    }
    if (below?.isFree) {
      this.#unlist(below);
      this.#absorb(below, block);
    } else {
      below = block;
    }
    this.#list(below);
  }

  /** Live blocks grouped by owner and size, those that hold most in all first. */
  largestHolders(count: number): Holder[] {
    const groups = new Map<string, { owner: string; bytes: number; count: number }>();
    for (let block = this.#top; block; block = block.below) {
      if (block.isFree) continue;
      const { owner, bytes } = block;
      const key = `${owner} ${bytes}`;
      const group = groups.get(key) ?? { owner, bytes, count: 0 };
      group.count += 1;
      groups.set(key, group);
    }
    return [...groups.values()].sort((a, b) => b.bytes * b.count - a.bytes * a.count).slice(0, count);
  }

  #find(size: number): Block | undefined {
    const own = classOf(size);
    let block = this.#lists[own];
    for (let tries = 0; block && tries < TRIES; tries++, block = block.next) {
      if (block.bytes >= size) return block;
    }
    const octave = own >> CLASS_BITS;
    const larger = bits(this.#occupied, octave) & (0xfe << (own & (CLASSES_PER_OCTAVE - 1)));
    if (larger) return this.#lists[octave * CLASSES_PER_OCTAVE + lowestBit(larger)];
    for (let o = octave + 1; o < OCTAVES; o++) {
      const classes = bits(this.#occupied, o);
      if (classes) return this.#lists[o * CLASSES_PER_OCTAVE + lowestBit(classes)];
    }
    return undefined;
  }

  /** Grows the memory until its last block is free and holds `size`. */
  #grow(size: number): Block | undefined {
    const present = this.#top?.isFree ? this.#top.bytes : 0;
    this.#extend(this.#growTo(this.#end + size - present));
    return this.#top?.isFree && this.#top.bytes >= size ? this.#top : undefined;
  }

  #extend(end: number): void {
    const bytes = Math.floor((end - this.#end) / ALIGNMENT) * ALIGNMENT;
    if (bytes <= 0) return;
    const block = newBlock(this.#end, bytes, this.#top);
    if (this.#top) this.#top.above = block;
    this.#top = block;
    this.#end += bytes;
    this.#liveBytes += bytes;
    this.free(block);
  }

  #split(block: Block, size: number): void {
    const bytes = block.bytes - size;
    if (bytes === 0) return;
    const rest = newBlock(block.address + size, bytes, block);
    rest.above = block.above;
    if (block.above) block.above.below = rest;
    else this.#top = rest;
    block.above = rest;
    block.bytes = size;
    this.#list(rest);
  }

  /** Makes `above` a part of `block`. */
  #absorb(block: Block, above: Block): void {
    block.bytes += above.bytes;
    block.above = above.above;
    if (above.above) above.above.below = block;
    else this.#top = block;
  }

  #list(block: Block): void {
    const index = classOf(block.bytes);
    const first = this.#lists[index];
    block.isFree = true;
    block.previous = undefined;
    block.next = first;
    if (first) first.previous = block;
    this.#lists[index] = block;
    this.#occupied[index >> CLASS_BITS] = bits(this.#occupied, index >> CLASS_BITS) | classBit(index);
  }

  #unlist(block: Block): void {
    const index = classOf(block.bytes);
    const { previous, next } = block;
    if (next) next.previous = previous;
    if (previous) previous.next = next;
    else this.#lists[index] = next;
    block.previous = undefined;
    block.next = undefined;
    if (!this.#lists[index]) {
      this.#occupied[index >> CLASS_BITS] = bits(this.#occupied, index >> CLASS_BITS) & ~classBit(index);
    }
  }
}

function newBlock(address: number, bytes: number, below: Block | undefined): Block {
  return { address, bytes, isFree: false, owner: '', below, above: undefined, previous: undefined, next: undefined };
}

/** Octave and eighth of a size, as one index. */
function classOf(bytes: number): number {
  const octave = 31 - Math.clz32(bytes);
  const eighth = Math.floor(bytes / 2 ** (octave - CLASS_BITS)) - CLASSES_PER_OCTAVE;
  return octave * CLASSES_PER_OCTAVE + eighth;
}

function classBit(index: number): number {
  return 1 << (index & (CLASSES_PER_OCTAVE - 1));
}

function bits(occupied: Uint8Array, octave: number): number {
  return occupied[octave] ?? 0;
}

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
