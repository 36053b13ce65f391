/**
 * @file A range of WebAssembly memory that holds float32 values.
 */
import { DisposedError } from '../../errors.js';
import type { Storage } from '../kernels.js';
import type { Block } from './allocator.js';

export class WasmStorage implements Storage {
  readonly dtype = 'float32';
  readonly length: number;
  #block: Block | undefined;

  constructor(block: Block, length: number) {
    this.#block = block;
    this.length = length;
  }

  /**
   * Where it starts, in bytes.
   *
   * @throws DisposedError after it was freed
   */
  get address(): number {
    return this.#live('used after it was freed').address;
  }

  /**
   * Gives the block up.
   *
   * @throws DisposedError the second time
   */
  release(): Block {
    const block = this.#live('freed twice');
    this.#block = undefined;
    return block;
  }

  #live(mistake: string): Block {
    if (!this.#block) throw new DisposedError(`wasm: storage of ${this.length} values ${mistake}`);
    return this.#block;
  }
}
