/**
 * @file The program of a helper thread, as text: a worker made from text needs no file that a bundler might lose.
 *
 * It serves jobs as `threadProtocol.ts` describes: claims chunks while there are any, then spins for a moment (a dispatch to a
 * spinning helper costs about a microsecond, to a sleeping one ten times that), then sleeps.
 */
import { CHUNK_BITS, CONTROL_BYTES, FIELD } from './threadProtocol.js';

/** What a helper is started with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly control: number;
  /** 1, 2, …; 0 is the calling thread. */
  readonly thread: number;
  readonly spinMilliseconds: number;
}

/** Field numbers by name, as the text below writes them. */
const fields = JSON.stringify(FIELD);

export const threadSource = `'use strict';
const field = ${fields};

function serve({ module, memory, control, thread, spinMilliseconds }) {
  const words = new Int32Array(memory.buffer, control, ${CONTROL_BYTES / 4});
  const values = new Float64Array(memory.buffer, control + field.arguments * 4);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = Object.values(exports).filter((member) => typeof member === 'function');
  const pause = Atomics.pause ?? (() => {});

  /** Returns the number of unclaimed chunks before one was claimed, 0 if there was none. */
  function claim() {
    for (;;) {
      const ticket = Atomics.load(words, field.ticket);
      const left = ticket & ${(1 << CHUNK_BITS) - 1};
      if (left === 0 || Atomics.compareExchange(words, field.ticket, ticket, ticket - 1) === ticket) return left;
    }
  }

  function runChunk(chunk) {
    const tasks = words[field.tasks];
    const chunks = words[field.chunks];
    const args = Array.from(values.subarray(0, words[field.argumentCount]));
    const scratchBytes = words[field.scratchBytes];
    if (scratchBytes >= 0) args.push(words[field.scratch] + thread * scratchBytes);
    args.push(Math.floor((chunk * tasks) / chunks), Math.floor(((chunk + 1) * tasks) / chunks));
    kernels[words[field.kernel]](...args);
  }

  function waitForJob(seen) {
    const deadline = performance.now() + spinMilliseconds;
    do {
      for (let i = 0; i < 64; i++) {
        if (Atomics.load(words, field.epoch) !== seen) return;
        pause();
      }
    } while (performance.now() < deadline);
    Atomics.add(words, field.sleepers, 1);
    Atomics.wait(words, field.epoch, seen);
    Atomics.sub(words, field.sleepers, 1);
  }

  Atomics.add(words, field.ready, 1);
  while (Atomics.load(words, field.stop) === 0) {
    const seen = Atomics.load(words, field.epoch);
    for (let left = claim(); left > 0; left = claim()) {
      try {
        runChunk(words[field.chunks] - left);
      } catch (error) {
        Atomics.store(words, field.failed, thread);
      }
      Atomics.add(words, field.chunksDone, 1);
    }
    waitForJob(seen);
  }
}

if (typeof importScripts === 'function') {
  onmessage = ({ data }) => {
    serve(data);
    close();
  };
} else {
  serve(require('node:worker_threads').workerData);
}
`;
