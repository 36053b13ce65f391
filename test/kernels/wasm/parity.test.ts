import { setFlagsFromString } from 'node:v8';
import { afterAll, expect, test } from 'vitest';
import { hasVariant, type Variant } from '../../../src/kernels/wasm/compileKernels.js';
import { createWasmKernels } from '../../../src/kernels/wasm/wasmKernels.js';
import { kernelTolerances } from '../../tolerances.js';
import { describeParity } from '../parity/describeParity.js';

// Node 20 has relaxed SIMD behind a flag; later ones don't know the flag any more.
setFlagsFromString('--experimental-wasm-relaxed-simd');

/** Cells from which helpers take part: none, so that small cases, too, run on several threads. */
const ALWAYS = 0;

const variants: readonly Variant[] = ['simd', 'relaxed'];
for (const variant of variants.filter(hasVariant)) {
  const [one, two, three] = [1, 2, 3].map((threads) => createWasmKernels({ variant, threads }, ALWAYS));
  if (!one || !two || !three) throw new RangeError('three sets');
  describeParity(`wasm ${variant}, 1, 2 and 3 threads,`, one, {
    tolerances: kernelTolerances['wasm float32'],
    twins: { '2 threads': two, '3 threads': three },
  });

  test(`wasm ${variant} leaves no memory behind`, () => {
    for (const set of [one, two, three]) {
      const live = set.runtime.allocator.largestHolders(10).map(({ owner }) => owner);
      expect(live.filter((owner) => !['plans', 'threads', 'geometry'].includes(owner))).toEqual([]);
    }
  });

  afterAll(() => {
    for (const set of [one, two, three]) set.runtime.close();
  });
}

test.skipIf(hasVariant('relaxed'))('relaxed SIMD is missing here', () => {
  expect(() => createWasmKernels({ variant: 'relaxed' })).toThrow("leave `variant` out, or use { variant: 'simd' }");
});
