/**
 * @file Elementwise kernels.
 */
import type { BinaryOp, Kernels, UnaryOp } from '../kernels.js';
import type { BroadcastLayout } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { type Helper, type Program, withFunctions } from './program.js';
import { requireFloat32 } from './requireFloat32.js';
import { axesFor, constantsOf, sizeConstants, strideConstants } from './stridedConstants.js';

const unaryFunctions: Readonly<Record<UnaryOp, Helper>> = {
  neg: programs.negative,
  abs: programs.absolute,
  sign: programs.signOf,
  exp: programs.exponential,
  log: programs.logarithm,
  sqrt: programs.squareRoot,
  erf: programs.errorFunction,
  relu: programs.rectified,
  leakyRelu: programs.leaky,
  sigmoid: programs.logistic,
  tanh: programs.hyperbolicTangent,
  gelu: programs.gaussianErrorLinear,
  silu: programs.sigmoidLinear,
  softplus: programs.smoothRectified,
  pow: programs.power,
  addScalar: programs.plus,
  mulScalar: programs.times,
};

const binaryFunctions: Readonly<Record<BinaryOp, Helper>> = {
  add: programs.plus,
  sub: programs.difference,
  mul: programs.times,
  div: programs.ratio,
  pow: programs.power,
  maximum: programs.larger,
  minimum: programs.smaller,
  equal: programs.isEqual,
  greater: programs.isGreater,
  greaterEqual: programs.isGreaterEqual,
  less: programs.isLess,
  lessEqual: programs.isLessEqual,
  addRelu: programs.rectifiedSum,
  reluGrad: programs.maskedByPositive,
  leakyReluGrad: programs.leakyGradient,
};

type Map = Program<'x', 'scalar', never, never>;
const unaryPrograms = mapValues(unaryFunctions, (apply): Map => withFunctions(programs.map, { apply }));
const square = withFunctions(programs.map, { apply: programs.square });
const reciprocal = withFunctions(programs.map, { apply: programs.reciprocal });

const binaryPrograms = mapValues(binaryFunctions, (combine) => ({
  sameShape: withFunctions(programs.zip, { combine }),
  strided4: withFunctions(programs.zipStrided4, { combine }),
  strided8: withFunctions(programs.zipStrided8, { combine }),
}));

export function elementwiseKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'fill' | 'unary' | 'binary' | 'where'> {
  return {
    fill: (length, value, dtype) => {
      requireFloat32('fill', dtype);
      return gpu.run('fill', programs.fill, { inputs: {}, scalars: { value }, length });
    },

    unary: (op, x, scalar) =>
      gpu.run(op, unaryProgram(op, scalar), { inputs: { x }, scalars: { scalar }, length: x.length }),

    binary: (op, a, b, layout, scalar) => {
      const { sameShape, strided4, strided8 } = binaryPrograms[op];
      const { shape, stridesA, stridesB } = layout;
      const length = shape.reduce((product, size) => product * size, 1);
      const inputs = { a, b };
      if (isPlain(layout)) return gpu.run(op, sameShape, { inputs, scalars: { scalar }, length });
      const axes = axesFor(op, shape.length);
      const program = axes === 4 ? strided4 : strided8;
      const constants = constantsOf(program, {
        ...sizeConstants(shape, axes),
        ...strideConstants('strideA', stridesA, axes),
        ...strideConstants('strideB', stridesB, axes),
      });
      return gpu.run(op, program, { inputs, scalars: { scalar }, constants, length });
    },

    where: (condition, a, b) =>
      gpu.run('where', programs.select, { inputs: { condition, a, b }, length: condition.length }),
  };
}

/** The powers that networks use are exact. */
function unaryProgram(op: UnaryOp, scalar: number): Map {
  if (op === 'pow' && scalar === 2) return square;
  if (op === 'pow' && scalar === -1) return reciprocal;
  return unaryPrograms[op];
}

/** Whether both operands are read from front to back. */
function isPlain({ shape, stridesA, stridesB }: BroadcastLayout): boolean {
  return shape.length === 0 || (shape.length === 1 && stridesA[0] === 1 && stridesB[0] === 1);
}

function mapValues<K extends string, V, W>(record: Readonly<Record<K, V>>, map: (value: V) => W): Record<K, W> {
  const entries = (Object.entries(record) as [K, V][]).map(([key, value]) => [key, map(value)] as const);
  return Object.fromEntries(entries) as Record<K, W>;
}
