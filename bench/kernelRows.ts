/**
 * @file Kernels on one thread, each as a ratio against the machine's limits or against the matrix product.
 */
import { batchNorm, matmul, ones, randn, scope, softPool2d, type Tensor, zeros } from 'softgrad';
import { alternate, timesOf } from './alternate.js';
import { type ConvCase, convPasses, depthwiseConv, otherConvs, prepareConv, resnetConvs } from './convCases.js';
import type { MachineLimits } from './machineLimits.js';
import { passesInTurns } from './rotating.js';
import { median, medianRatio } from './statistics.js';
import type { Goal, Row } from './verdict.js';

const GEMM_SIZE = 512;
export const GEMM_FLOPS = 2 * GEMM_SIZE ** 3;

const atLeast = (unit: string, required: number, aim: number): Goal => ({ direction: 'atLeast', required, aim, unit });
const atMost = (unit: string, required: number, aim: number): Goal => ({ direction: 'atMost', required, aim, unit });

/** A product of two 512 × 512 matrices. */
export function prepareGemm(): () => void {
  const [a, b] = [randn([GEMM_SIZE, GEMM_SIZE]), randn([GEMM_SIZE, GEMM_SIZE])];
  return () => scope(() => void matmul(a, b));
}

export function gemmRows({ peak, peakFlops, copy }: MachineLimits): Row[] {
  const copyBytes = 4 << 20;
  const times = alternate({ peak, gemm: prepareGemm(), copy: () => copy(copyBytes) }, { rounds: 21 });
  const speeds = (name: string, flops: number): number[] => timesOf(times, name).map((ms) => flops / ms / 1e6);
  const [peakSpeeds, gemmSpeeds] = [speeds('peak', peakFlops), speeds('gemm', GEMM_FLOPS)];
  return [
    { what: 'register-only peak', measured: median(peakSpeeds), unit: 'GFLOP/s' },
    { what: 'copy of 4 MiB', measured: median(speeds('copy', copyBytes)), unit: 'GB/s' },
    { what: 'GEMM 512³', measured: median(gemmSpeeds), unit: 'GFLOP/s' },
    {
      what: 'GEMM 512³ / peak',
      goal: atLeast('%', 75, 92),
      measured: 100 * medianRatio(gemmSpeeds, peakSpeeds),
      unit: '%',
    },
  ];
}

/** The 3×3 convolutions with stride 1, by whichever algorithm the library chooses. */
export function resnetConvRows(): Row[] {
  return resnetConvs.flatMap((conv) =>
    convAgainstGemm(conv, '×', (pass) =>
      pass === 'weight gradient' ? atLeast('×', 1.8, 2.5) : atLeast('×', 1.5, 2.2),
    ),
  );
}

export function otherConvRows(): Row[] {
  return otherConvs.flatMap((conv) => convAgainstGemm(conv, '%', () => atLeast('%', 40, 80)));
}

function convAgainstGemm(conv: ConvCase, unit: '×' | '%', goalOf: (pass: string) => Goal): Row[] {
  const prepared = convPasses.map((pass) => ({ pass, ...prepareConv(conv, pass) }));
  const tasks = Object.fromEntries(prepared.map(({ pass, run }) => [pass, run]));
  const times = alternate({ gemm: prepareGemm(), ...tasks });
  const gemmSpeeds = timesOf(times, 'gemm').map((ms) => GEMM_FLOPS / ms);
  return prepared.map(({ pass, flops }) => {
    const speeds = timesOf(times, pass).map((ms) => flops / ms);
    const measured = medianRatio(speeds, gemmSpeeds) * (unit === '%' ? 100 : 1);
    return { what: `${conv.name} ${pass} / GEMM`, goal: goalOf(pass), measured, unit };
  });
}

/** Bound by memory: as a share of the speed at which as many bytes are copied as are read and written. */
export function depthwiseRows({ copy }: MachineLimits): Row[] {
  return convPasses.map((pass) => {
    const { run, bytes } = prepareConv(depthwiseConv, pass);
    const times = alternate({ run, copy: () => copy(bytes / 2) });
    const measured = 100 * medianRatio(timesOf(times, 'copy'), timesOf(times, 'run'));
    return { what: `${depthwiseConv.name} ${pass} / copy`, goal: atLeast('%', 40, 80), measured, unit: '%' };
  });
}

export function softPoolRows({ copy }: MachineLimits): Row[] {
  const shape = [64, 16, 32, 32];
  const passes = passesInTurns(8, shape, (x) => softPool2d(x, { kernelSize: 2, stride: 2 }));
  const times = alternate({ copy: () => copy(bytesOf(shape)), ...passes });
  return timesCopies('softPool2d k2 s2', times, atMost('×', 5, 2.8), atMost('×', 5.5, 3.1));
}

export function batchNormRows({ copy }: MachineLimits): Row[] {
  const shape = [128, 16, 32, 32];
  const [weight, bias] = [ones([16], { requiresGrad: true }), zeros([16], { requiresGrad: true })];
  const norm = (x: Tensor): Tensor => batchNorm(x, { weight, bias, training: true, activation: 'relu' });
  const times = alternate({ copy: () => copy(bytesOf(shape)), ...passesInTurns(4, shape, norm) });
  return timesCopies('batch norm + relu', times, atMost('×', 2, 1.4), atMost('×', 2.8, 2));
}

/** Bytes of a float32 tensor. */
function bytesOf(shape: readonly number[]): number {
  return 4 * shape.reduce((product, size) => product * size, 1);
}

function timesCopies(name: string, times: ReturnType<typeof alternate>, forward: Goal, backward: Goal): Row[] {
  const against = (task: string): number => medianRatio(timesOf(times, task), timesOf(times, 'copy'));
  return [
    { what: `${name} forward / copy`, goal: forward, measured: against('forward'), unit: '×' },
    { what: `${name} backward / copy`, goal: backward, measured: against('backward'), unit: '×' },
  ];
}
