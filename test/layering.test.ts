import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { layeringViolations, type SourceFile } from './support/layering.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const notOurs = /(^|\/)(node_modules|dist|generated|runs)\/|\.d\.ts$/;

function filesUnder(folder: string): SourceFile[] {
  if (!existsSync(root + folder)) return [];
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.[cm]?tsx?$/.test(path) && !notOurs.test(path))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }));
}

const complaints = (path: string, text: string): string[] => layeringViolations([{ path, text }]);

describe('the source tree', () => {
  const files = ['src', 'apps', 'examples', 'bench', 'test'].flatMap(filesUnder);

  test('is found', () => {
    expect(files.map(({ path }) => path)).toContain('src/index.ts');
  });

  test('keeps to its layers', () => {
    expect(layeringViolations(files)).toEqual([]);
  });
});

describe('the layering rules allow', () => {
  test.each([
    ['src/index.ts', "export * from './kernels/wasm/index.js';"],
    ['src/backends.ts', "import { reference } from './kernels/reference/index.js';"],
    ['src/kernels/windowGeometry.ts', "import { ShapeError } from '../errors.js';"],
    ['src/nn/index.ts', "import '../backends.js';"],
    ['src/tensor/tensor.ts', "import type { Kernels } from '../kernels/kernels.js';"],
    ['src/tensor/tensor.ts', "type K = import('../kernels/kernels.js').Kernels;"],
    ['src/kernels/wasm/pool.ts', "import { windowGeometry } from '../windowGeometry.js';"],
    ['src/kernels/wasm/pool.ts', "import { binary } from './generated/simd.js';"],
    ['src/kernels/gpu/load.ts', "const { GPU } = await import('gpu.js');"],
    ['src/kernels/gpu/load.ts', "import type { GPU } from 'gpu.js';"],
    ['src/ops/relu.ts', "import { Tensor } from '../tensor/tensor.js'; import { K } from '../kernels/kernels.js';"],
    ['src/nn/linear.ts', "import { linear } from '../ops/linear.js';"],
    ['src/train/checkpoint.ts', "import { saveSafetensors } from '../io/safetensors.js';"],
    ['src/testing/arbitraries.ts', "import fc from 'fast-check';"],
    ['src/data/cifar.ts', "const { readFile } = await import('node:fs/promises');"],
    ['apps/lab/src/main.ts', "import { fit } from 'softgrad/train'; import { table } from './table.js';"],
    ['apps/lab/src/main.ts', "import chalk from 'chalk'; import { readFile } from 'node:fs/promises';"],
    ['apps/lab/bench/page.ts', "import { visit } from '../../../test/support/browser/visit.js';"],
    ['apps/lab/test/page.test.ts', "import { visit } from '../../../test/support/browser/visit.js';"],
    ['examples/01-tensor.ts', "import { tensor } from 'softgrad';"],
    ['test/ops/relu.test.ts', "import { relu } from '../../src/ops/relu.js';"],
    ['src/nn/module.ts', 'class M { eval(): this { return this; } } new M().eval(); type F = Function;'],
    ['src/kernels/gpu/load.ts', 'new Function(kernelText);'],
    ['src/kernels/wasm/helper.ts', 'new Worker(threadSource, { eval: true });'],
  ])('%s: %s', (path, text) => {
    expect(complaints(path, text)).toEqual([]);
  });
});

describe('the layering rules object to', () => {
  test.each([
    ['src/tensor/tensor.ts', "import { relu } from '../ops/relu.js';", 'tensor may not import ops'],
    ['src/tensor/tensor.ts', "import { size } from '../kernels/kernels.js';", 'only types of kernels'],
    ['src/tensor/tensor.ts', "import { type Kernels } from '../kernels/kernels.js';", 'only types of kernels'],
    ['src/tensor/tensor.ts', "import type { R } from '../kernels/reference/index.js';", 'kernels/reference'],
    ['src/tensor/tensor.ts', "export { backends } from '../backends.js';", 'tensor may not import index'],
    ['src/kernels/kernels.ts', "import type { Tensor } from '../tensor/tensor.js';", 'kernels may not import tensor'],
    ['src/kernels/kernels.ts', "import { pool } from './reference/pool.js';", 'may not import kernels/reference'],
    ['src/kernels/wasm/pool.ts', "import { pool } from '../reference/pool.js';", 'may not import kernels/reference'],
    ['src/kernels/wasm/pool.ts', "import type { Op } from '../../ops/defineOp.js';", 'may not import ops'],
    ['src/ops/relu.ts', "import { relu } from '../kernels/wasm/relu.js';", 'ops may not import kernels/wasm'],
    ['src/ops/relu.ts', "export * from '../nn/module.js';", 'ops may not import nn'],
    ['src/ops/relu.ts', "type M = import('../nn/module.js').Module;", 'ops may not import nn'],
    ['src/ops/relu.ts', "const nn = await import('../nn/module.js');", 'ops may not import nn'],
    ['src/nn/linear.ts', "import '../backends.js';", 'nn may not import index'],
    ['src/nn/linear.ts', "import { SGD } from '../optim/sgd.js';", 'nn may not import optim'],
    ['src/nn/linear.ts', "import { size } from '../kernels/kernels.js';", 'nn may not import kernels'],
    ['src/optim/sgd.ts', "import { Module } from '../nn/module.js';", 'optim may not import nn'],
    ['src/data/cifar.ts', "import { add } from '../ops/add.js';", 'data may not import ops'],
    ['src/io/onnx.ts', "import { fit } from '../train/fit.js';", 'io may not import train'],
    [
      'src/testing/gradcheck.ts',
      "import { pool } from '../kernels/wasm/pool.js';",
      'testing may not import kernels/wasm',
    ],
    ['src/errors.ts', "import type { Tensor } from './tensor/tensor.js';", 'errors may not import tensor'],
    ['src/extra/extra.ts', "import { Tensor } from '../tensor/tensor.js';", 'extra may not import tensor'],
    ['src/ops/relu.ts', "import { f } from '../../test/support/f.js';", 'may not reach outside src'],
    ['src/ops/relu.ts', "import { add } from 'softgrad';", 'may not depend on softgrad'],
    ['src/ops/relu.ts', "import _ from 'lodash';", 'may not depend on lodash'],
    ['src/ops/relu.ts', "const _ = require('lodash');", 'may not depend on lodash'],
    ['src/ops/relu.ts', "import fc from 'fast-check';", 'only testing may'],
    ['src/ops/relu.ts', "await import('gpu.js');", 'only kernels/gpu may'],
    ['src/kernels/gpu/load.ts', "import { GPU } from 'gpu.js';", 'import it dynamically'],
    ['src/data/cifar.ts', "import { readFile } from 'node:fs/promises';", 'does not exist in a browser'],
    ['apps/lab/src/main.ts', "import { add } from '../../../src/index.js';", 'may not reach outside itself'],
    ['apps/lab/src/main.ts', "import { page } from '../../playground/src/page.js';", 'may not reach outside itself'],
    ['apps/lab/src/main.ts', "import { visit } from '../../../test/support/visit.js';", 'may not reach outside itself'],
    ['apps/lab/test/main.test.ts', "import { main } from '../../../src/main.js';", 'may not reach outside itself'],
    ['apps/lab/src/main.ts', "import { add } from 'softgrad/dist/ops/add.js';", 'not a public entry point'],
    ['examples/01-tensor.ts', "import { tensor } from '../src/index.js';", 'may not reach outside itself'],
    ['examples/01-tensor.ts', "import { conv } from 'softgrad/ops';", 'not a public entry point'],
    ['bench/pool.ts', "const { pool } = await import('../dist/index.js');", 'may not reach outside itself'],
    ['src/ops/relu.ts', 'const x = 1 as unknown as string;', '`as unknown as`'],
    ['test/ops/relu.test.ts', 'const x = (1 as unknown) as string;', '`as unknown as`'],
    ['apps/lab/src/main.ts', 'eval(text);', 'text must not become code'],
    ['src/io/onnx.ts', 'const run = globalThis.eval; run(text);', 'text must not become code'],
    ['src/io/onnx.ts', 'new Function(text)();', 'text must not become code'],
    ['src/io/onnx.ts', '[text].map(Function);', 'text must not become code'],
    ['src/io/onnx.ts', 'await import(name);', 'text must not become code'],
    ['src/kernels/wasm/pool.ts', 'new Worker(text, { eval: true });', 'text must not become code'],
    ['apps/lab/src/main.ts', "import { runInNewContext } from 'node:vm';", 'text must not become code'],
  ])('%s: %s', (path, text, reason) => {
    expect(complaints(path, text)).toEqual([expect.stringContaining(reason)]);
  });

  test.each(['src/ops/relu.ts', 'apps/lab/src/main.ts'])('%s with 300 lines, not with 299', (path) => {
    expect(complaints(path, 'export {};\n'.repeat(299))).toEqual([]);
    expect(complaints(path, 'export {};\n'.repeat(300))).toEqual([expect.stringContaining('300 lines')]);
  });

  test('a function with 40 lines, comment aside, not with 39, and not in a kernel or a test', () => {
    const lines = (count: number): string =>
      `/**\n * What f does.\n */\nexport const f = () => {\n${'f();\n'.repeat(count - 2)}};\n`;
    expect(complaints('src/ops/relu.ts', lines(39))).toEqual([]);
    expect(complaints('src/kernels/reference/relu.ts', lines(40))).toEqual([]);
    expect(complaints('apps/lab/test/main.test.ts', lines(40))).toEqual([]);
    expect(complaints('src/ops/relu.ts', lines(40))).toEqual([expect.stringContaining('a function of 40 lines')]);
  });

  test('each wrong line of a file, and name it', () => {
    const text = "import { a } from '../tensor/a.js';\nimport { b } from '../nn/b.js';\n\nimport('../io/c.js');\n";
    expect(complaints('src/ops/relu.ts', text)).toEqual([
      'src/ops/relu.ts:2: ops may not import nn (../nn/b.js)',
      'src/ops/relu.ts:4: ops may not import io (../io/c.js)',
    ]);
  });
});
