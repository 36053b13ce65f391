import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ThreadPool } from '../../../src/kernels/wasm/threadPool.js';
import { CONTROL_BYTES, ControlBlock, FIELD, MOST_CHUNKS } from '../../../src/kernels/wasm/threadProtocol.js';

/** Two kernels, (f64, f64) → (): `spin` never returns, `trap` fails. The module imports a shared memory, `env.memory`. */
const program = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 6, 1, 0x60, 2, 0x7c, 0x7c, 0],
  ...[0x02, 18, 1, 3, ...Buffer.from('env'), 6, ...Buffer.from('memory'), 0x02, 0x03, 1, 0x80, 0x80, 0x04],
  ...[0x03, 3, 2, 0, 0],
  ...[0x07, 15, 2, 4, ...Buffer.from('spin'), 0, 0, 4, ...Buffer.from('trap'), 0, 1],
  ...[0x0a, 13, 2, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b, 3, 0, 0x00, 0x0b],
);
const [SPIN, TRAP] = [0, 1];

/** A pool of two threads: the helper runs `program`, the calling thread `here`. */
function newPool(here: (pool: ThreadPool, control: ControlBlock) => void, module = new WebAssembly.Module(program)) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  let used = 1024;
  const newControlBlock = (): number => {
    used += CONTROL_BYTES;
    return used - CONTROL_BYTES;
  };
  const kernel = (): void => here(pool, new ControlBlock(memory.buffer, used - CONTROL_BYTES));
  const kernels = [kernel, kernel];
  const pool: ThreadPool = new ThreadPool({
    module,
    memory,
    kernels,
    newControlBlock,
    threads: 2,
    lostMilliseconds: 300,
  });
  onTestFinished(() => pool.close());
  return pool;
}

const job = (kernel: number, name: string) => ({ kernel, name, args: [], tasks: 2, cells: 2, scratch: undefined });

/** Leaves the other chunk of two to the helper, and waits until it has it. */
function untilClaimed(control: ControlBlock): void {
  const ticket = (): number => control.load(FIELD.ticket);
  while ((ticket() & MOST_CHUNKS) > 0) Atomics.wait(control.words, FIELD.ticket, ticket(), 1);
}

test('a kernel that fails on a helper thread is named, with the thread', () => {
  const pool = newPool((_, control) => untilClaimed(control));
  expect(() => pool.run(job(TRAP, 'softPool'))).toThrow(
    /^wasm: kernel softPool failed on helper thread 1; results of this step are lost, and the next kernel starts new/,
  );
});

test('a helper thread that is killed in the middle of a kernel is an error after a while, no hang', () => {
  const pool = newPool(({ helpers }, control) => {
    untilClaimed(control);
    helpers[0]?.stop();
  });
  expect(() => pool.run(job(SPIN, 'conv'))).toThrow(
    /^wasm: helper threads did not finish kernel conv within 0.3 s; .*/,
  );
  expect(() => pool.run(job(TRAP, 'conv'))).toThrow('kernel conv failed on helper thread 1');
});

test('a helper thread that can’t start is an error that tells why', async () => {
  const unlinkable = Uint8Array.from(program);
  // It asks for `enw.memory`.
  unlinkable[unlinkable.indexOf('v'.charCodeAt(0))] = 'w'.charCodeAt(0);
  const pool = newPool(() => {}, new WebAssembly.Module(unlinkable));
  const runUntilReported = async (): Promise<never> => {
    for (;;) {
      // The calling thread does it all.
      pool.run(job(TRAP, 'conv'));
      await sleep(10);
    }
  };
  await expect(runUntilReported()).rejects.toThrow(/^wasm: helper thread 1 ended: TypeError: .*enw.*; results of this/);
});
