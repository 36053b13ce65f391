/**
 * @file What a test has made and not disposed of.
 */
import { afterEach, beforeEach, expect } from 'vitest';
import { memory, type Tensor } from '../../src/index.js';

export interface LiveTensors {
  readonly tensors: number;
  readonly storages: number;
  readonly bytes: number;
}

/**
 * Demands of each test of a file that it leaves nothing behind: that would disturb the counts of another, whenever it is
 * collected. Returns a function that tells what is alive beyond what was before the test.
 */
export function countLiveTensors(): () => LiveTensors {
  let before = memory();
  const made = (): LiveTensors => {
    const now = memory();
    return {
      tensors: now.tensors - before.tensors,
      storages: now.storages - before.storages,
      bytes: now.bytes - before.bytes,
    };
  };
  beforeEach(() => {
    before = memory();
  });
  afterEach(() => {
    expect(made()).toEqual(nothing);
  });
  return made;
}

export const nothing: LiveTensors = { tensors: 0, storages: 0, bytes: 0 };

export function disposeAll(...tensors: readonly (Tensor | undefined)[]): void {
  for (const t of tensors) t?.dispose();
}
