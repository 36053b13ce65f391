/**
 * @file Elementwise kernels.
 */
import type { BinaryOp, Kernels, UnaryOp } from '../kernels.js';
import { stridedAxes } from './axisLists.js';
import { elementTasks } from './elementTasks.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** In the order in which assembly/unary.ts numbers them. */
const unaryOps: readonly UnaryOp[] = [
  'neg',
  'abs',
  'sign',
  'exp',
  'log',
  'sqrt',
  'erf',
  'relu',
  'leakyRelu',
  'sigmoid',
  'tanh',
  'gelu',
  'silu',
  'softplus',
  'pow',
  'addScalar',
  'mulScalar',
];

/** In the order in which assembly/binary.ts numbers them. */
const binaryOps: readonly BinaryOp[] = [
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'maximum',
  'minimum',
  'equal',
  'greater',
  'greaterEqual',
  'less',
  'lessEqual',
  'addRelu',
  'reluGrad',
  'leakyReluGrad',
];

export function elementwiseKernels(runtime: WasmRuntime): Pick<Kernels<WasmStorage>, 'unary' | 'binary' | 'where'> {
  return {
    unary: (op, x, scalar) =>
      runtime.produce(op, x.length, (y) => {
        const args = [unaryOps.indexOf(op), x.address, y.address, x.length, scalar];
        runtime.run('unary', args, elementTasks(x.length));
      }),

    binary: (op, a, b, { shape, stridesA, stridesB }, scalar) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return runtime.produce(op, length, (y) => {
        const layout = runtime.ints(stridedAxes(op, shape, stridesA, stridesB));
        const args = [binaryOps.indexOf(op), a.address, b.address, y.address, layout, scalar];
        runtime.run('binary', args, elementTasks(length));
      });
    },

    where: (condition, a, b) =>
      runtime.produce('where', condition.length, (y) => {
        const args = [condition.address, a.address, b.address, y.address, condition.length];
        runtime.run('where', args, elementTasks(condition.length));
      }),
  };
}
