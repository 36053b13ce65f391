/** @file The WebAssembly kernels, the threads that run them, and what is kept between calls. */
import { type Mutant, named } from './mutant.js';

const assembly = (file: string, ...titles: readonly string[]) =>
  named(`test/kernels/wasm/assembly/${file}.test.ts`, ...titles);
const softPooling = (title: string) => assembly('softPool', "soft pooling ('simd')", title);
const threads = (...titles: readonly string[]) => named('test/kernels/wasm/threads.test.ts', ...titles);

export const wasm: readonly Mutant[] = [
  {
    defect: 'the third of three remaining lanes is not stored (n mod 4)',
    file: 'src/kernels/wasm/assembly/lanes.ts',
    text: 'if (count > 2) v128.store32_lane(address, value, 2, 8);',
    replacement: 'if (count > 3) v128.store32_lane(address, value, 2, 8);',
    because: 'an off-by-one error that multiples of 4 do not show',
    test: assembly('unary', "unary ('simd')", "'relu' equals the float64 function, NaN and infinity included"),
  },
  {
    defect: 'the window’s smallest value is subtracted from the exponents',
    file: 'src/kernels/wasm/assembly/softPool.ts',
    text: 'return smallest ? least : most;',
    replacement: 'return smallest ? most : least;',
    because: 'for β < 0 it is the right one',
    test: softPooling('softPool equals float64 loops for any window, temperature and input, NaN and infinity included'),
  },
  {
    defect: 'the gradient of SoftPool takes the weights for constants',
    file: 'src/kernels/wasm/assembly/softPool.ts',
    text: 'const slope = madd(f32x4.sub(v, mean), f32x4.splat(LN_2), f32x4.splat(1));',
    replacement: 'const slope = f32x4.splat(1);',
    because: 'the published implementation does it',
    test: softPooling('softPoolGrad equals float64 loops for any window, temperature and input'),
  },
  {
    defect: 'a gradient is added to what the memory held before',
    file: 'src/kernels/wasm/assembly/softPool.ts',
    text: 'if (cotangent != 0) clearInputPlane(result, g, plane);',
    replacement: '',
    because: 'fresh memory is 0',
    test: softPooling('softPoolGrad equals float64 loops for any window, temperature and input'),
  },
  {
    defect: 'a dilated window begins one cell early in the padding',
    file: 'src/kernels/wasm/assembly/poolWindows.ts',
    text: 'return start >= 0 ? 0 : (dilation - 1 - start) / dilation;',
    replacement: 'return start >= 0 ? 0 : -start / dilation;',
    because: 'without dilation it is the same',
    test: softPooling('softPool equals float64 loops for any window, temperature and input, NaN and infinity included'),
  },
  {
    defect: 'rows are walked with the stride of columns',
    file: 'src/kernels/wasm/assembly/poolWindows.ts',
    text: '(row - d * g.outputHeight) * g.strideHeight - g.paddingHeight;',
    replacement: '(row - d * g.outputHeight) * g.strideWidth - g.paddingHeight;',
    because: 'equal strides do not show it',
    test: assembly(
      'poolings',
      "max, average, unfold ('simd')",
      'maxPool picks the value of the first maximal key; NaN is the largest',
    ),
  },
  {
    defect: 'the last of equal maxima takes the gradient',
    file: 'src/kernels/wasm/assembly/maxPool.ts',
    text: 'v128.andnot(f32x4.eq(best, best), f32x4.le(key, best));',
    replacement: 'v128.andnot(f32x4.eq(best, best), f32x4.lt(key, best));',
    because: '< for ≤',
    test: assembly(
      'poolings',
      "max, average, unfold ('simd')",
      'maxUnpool sends each cotangent to the first maximal key',
    ),
  },
  {
    defect: 'Winograd’s output transform has a wrong sign',
    file: 'src/kernels/wasm/assembly/winogradTransforms2.ts',
    text: 'return sub(sub(x1, x2), x3);',
    replacement: 'return add(sub(x1, x2), x3);',
    because: 'papers differ in the sign of the last point',
    test: assembly(
      'winograd',
      "winograd ('simd')",
      'F(2×2)',
      'forward',
      'equals float64 loops for any size, padding and number of channels',
    ),
  },
  {
    defect: 'Winograd’s weight gradient lacks a factor',
    file: 'src/kernels/wasm/assembly/winogradTransforms4.ts',
    text: 'put(y, dy, 1, scale(SQRT_2_SIXTH, axpy(MINUS_TWO, sub(x1, x2), sub(x3, x4))));',
    replacement: 'put(y, dy, 1, scale(SQRT_2_SIXTH, sub(sub(x3, x4), sub(x1, x2))));',
    because: 'matrices copied by hand',
    test: assembly(
      'winograd',
      "winograd ('simd')",
      'F(4×4)',
      'weightGrad',
      'equals float64 loops for any size, padding and number of channels',
    ),
  },
  {
    defect: 'the running variance is biased',
    file: 'src/kernels/wasm/normKernels.ts',
    text: 'move(running.variance, observed.variance, variance, unbiased);',
    replacement: 'move(running.variance, observed.variance, variance, 1);',
    because: 'the batch’s own variance is biased',
    test: named(
      'test/kernels/wasm/parity.test.ts',
      'wasm simd, 1, 2 and 3 threads, agrees with the reference set',
      'batchNormStatistics',
    ),
  },
  {
    defect: 'plans are kept without window and strides in their key',
    file: 'src/kernels/wasm/planCache.ts',
    text: '${geometry.join()}`',
    replacement: '${geometry.slice(0, 10).join()}`',
    because: 'sizes of inputs and outputs seem to tell it all',
    test: named(
      'test/kernels/wasm/wasmKernels.test.ts',
      'plans of convolutions that differ in window, stride, padding or dilation alone are told apart',
    ),
  },
];

export const threading: readonly Mutant[] = [
  {
    defect: 'helpers cut a job into other bands than the caller',
    file: 'src/kernels/wasm/threadSource.ts',
    text: 'args.push(Math.floor((chunk * tasks) / chunks), Math.floor(((chunk + 1) * tasks) / chunks));',
    replacement: 'args.push(Math.ceil((chunk * tasks) / chunks), Math.ceil(((chunk + 1) * tasks) / chunks));',
    because: 'the cut is written twice; tasks that divide do not show it',
    test: threads('helper threads', 'leave no cell out'),
  },
  {
    defect: 'a helper counts a chunk as done before it has run it',
    file: 'src/kernels/wasm/threadSource.ts',
    text: `        runChunk(words[field.chunks] - left);
      } catch (error) {
        Atomics.store(words, field.failed, thread);
      }
      Atomics.add(words, field.chunksDone, 1);`,
    replacement: `        const chunk = words[field.chunks] - left;
        Atomics.add(words, field.chunksDone, 1);
        runChunk(chunk);
      } catch (error) {
        Atomics.store(words, field.failed, thread);
      }`,
    because: 'a race that an idle machine hides',
    test: threads('helper threads', 'leave no cell out'),
  },
  {
    defect: 'the caller does not wait for its helpers',
    file: 'src/kernels/wasm/threadPool.ts',
    text: 'this.#awaitHelpers(control, job, chunks - done);',
    replacement: '',
    because: 'a missing barrier: most jobs are over by then',
    test: threads('helper threads', 'leave no cell out'),
  },
  {
    defect: 'threads share one scratch memory',
    file: 'src/kernels/wasm/threadSource.ts',
    text: 'args.push(words[field.scratch] + thread * scratchBytes);',
    replacement: 'args.push(words[field.scratch]);',
    because: 'one thread does not show it',
    test: threads('helper threads', 'work in scratch memory of their own'),
  },
];
