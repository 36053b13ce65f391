/**
 * @file What one core can do at most in WebAssembly, as a yardstick: multiply-adds in registers alone, and a memory copy.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface MachineLimits {
  /** 2 · 8 · chains · 4 lanes · `PEAK_ROUNDS` floating-point operations. */
  readonly peak: () => void;
  readonly peakFlops: number;
  /** Copies so many bytes, from and to another place in each call, so that the caches don't hold them. */
  readonly copy: (bytes: number) => void;
}

/** What copies read from, and as much again that they write to. */
const COPY_BYTES = 32 << 20;
const PEAK_ROUNDS = 100_000;
const STEPS_PER_ROUND = 2;
/** Independent chains of multiply-adds; what fits the registers best differs between engines, so all are tried. */
const CHAINS = [8, 10, 12];

/** @param fused whether to use relaxed SIMD's multiply-add */
export async function machineLimits(fused: boolean): Promise<MachineLimits> {
  const exports = await compile(source(fused), fused);
  const call = (name: string): ((...args: number[]) => void) => {
    const found = exports[name];
    if (typeof found !== 'function') throw new RangeError(`machineLimits: no export '${name}'`);
    return (...args) => found(...args);
  };
  const candidates = CHAINS.map((chains) => {
    const run = call(`peak${chains}`);
    const peak = (): void => run(PEAK_ROUNDS, 0.5, 0.5);
    const flops = 2 * 4 * STEPS_PER_ROUND * chains * PEAK_ROUNDS;
    return { peak, peakFlops: flops, speed: flops / fastest(peak) };
  });
  const { peak, peakFlops } = candidates.reduce((best, one) => (one.speed > best.speed ? one : best));
  const copy = call('copy');
  let calls = 0;
  const copyNext = (wanted: number): void => {
    const bytes = Math.min(wanted, COPY_BYTES);
    copy((calls++ % Math.floor(COPY_BYTES / bytes)) * bytes, bytes);
  };
  return { peak, peakFlops, copy: copyNext };
}

function fastest(run: () => void): number {
  const times = Array.from({ length: 12 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** AssemblyScript: one function per number of chains, c ← a · c + b in each, and the copy. */
function source(fused: boolean): string {
  const step = (chain: number): string =>
    fused ? `c${chain} = f32x4.relaxed_madd(c${chain}, a, b);` : `c${chain} = f32x4.add(f32x4.mul(c${chain}, a), b);`;
  const peak = (chains: number): string => {
    const each = (line: (chain: number) => string): string =>
      Array.from({ length: chains }, (_, i) => line(i)).join('\n');
    return `export function peak${chains}(rounds: i32, x: f32, y: f32): f32 {
      const a = f32x4.splat(x), b = f32x4.splat(y);
      ${each((chain) => `let c${chain} = f32x4.splat(${chain + 1});`)}
      for (let r = 0; r < rounds; r++) { ${each(step).repeat(STEPS_PER_ROUND)} }
      let sum = f32x4.splat(0);
      ${each((chain) => `sum = f32x4.add(sum, c${chain});`)}
      return f32x4.extract_lane(sum, 0);
    }`;
  };
  const start = 1 << 20;
  return `${CHAINS.map(peak).join('\n')}
    export function copy(offset: i32, bytes: i32): void {
      memory.copy(${start + COPY_BYTES} + offset, ${start} + offset, bytes);
    }`;
}

async function compile(text: string, fused: boolean): Promise<WebAssembly.Exports> {
  const pages = (2 * COPY_BYTES + (2 << 20)) >> 16;
  const features = ['simd', ...(fused ? ['relaxed-simd'] : [])].map((feature) => `--enable=${feature}`);
  const options = ['-O3', '--runtime=stub', '--noAssert', `--initialMemory=${pages}`, ...features];
  const script = fileURLToPath(new URL('assemble.mjs', import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const base64 = execFileSync(process.execPath, [script, ...options], { input: text, encoding: 'utf8', env });
  const { instance } = await WebAssembly.instantiate(Buffer.from(base64, 'base64'), { env: { abort: () => {} } });
  return instance.exports;
}
