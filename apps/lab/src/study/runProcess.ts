/**
 * @file The program of a process that trains runs for a study in another process, one after the other.
 *
 * It ends when the study does, however that ends: the run under way is saved first.
 */
import { isDeepStrictEqual } from 'node:util';
import { chooseBackend } from '../commands/backendOptions.js';
import { arithmetic } from './arithmetic.js';
import { dataChecksum } from './dataChecksum.js';
import { loadStudyData, type StudyData } from './datasets.js';
import { RefusalError, type RunOrder } from './processPool.js';
import { RunFolder } from './runFolder.js';
import type { Expectation, RunReport, RunRequest } from './runMessages.js';
import { shortChecksum } from './runOrigin.js';
import { trainRun } from './trainRun.js';

let underWay: AbortController | undefined;
/** What was loaded for the run before, and by which words. */
let loaded: Loaded | undefined;

interface Loaded {
  readonly words: object;
  readonly data: StudyData;
}

process.on('message', (request: RunRequest) => {
  if (request.kind === 'stop') underWay?.abort();
  else void train(request);
});
process.on('disconnect', () => underWay?.abort());
// Ctrl-C reaches every process of the terminal. The study decides what follows from it.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});

async function train(order: RunOrder): Promise<void> {
  const controller = new AbortController();
  underWay = controller;
  try {
    const result = await trainRun(order.settings, await prepare(order), new RunFolder(order.folder), {
      onResume: (event) => report({ kind: 'resume', event }),
      onStep: (event) => report({ kind: 'step', event }),
      onEpoch: (record) => report({ kind: 'epoch', record }),
      onSave: (steps) => report({ kind: 'save', steps }),
      signal: controller.signal,
    });
    report({ kind: 'end', result });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report({ kind: error instanceof RefusalError ? 'refusal' : 'failure', message });
  }
}

/** Chooses the backend and loads the data, if the run before had others. */
async function prepare(order: RunOrder): Promise<StudyData> {
  const { settings, dataDir, backend, expected } = order;
  const { data: name, model, limit, testLimit } = settings;
  const words = { name, model, limit, testLimit, dataDir, backend };
  try {
    if (!loaded || !isDeepStrictEqual(loaded.words, words)) {
      await chooseBackend(backend);
      loaded = { words, data: await loadStudyData(settings, dataDir) };
    }
  } catch (error) {
    // What is missing here may be there on another machine.
    throw expected && error instanceof Error ? new RefusalError(error.message, { cause: error }) : error;
  }
  if (expected) refuseUnless(expected, loaded, name);
  return loaded.data;
}

/** @throws RefusalError if this process computes otherwise, or on other data */
function refuseUnless(expected: Expectation, actual: Loaded, name: string): void {
  if (arithmetic() !== expected.arithmetic) {
    throw new RefusalError(`it computes with ${arithmetic()}, the study with ${expected.arithmetic}`);
  }
  const checksum = dataChecksum(actual.data);
  if (checksum !== expected.data) {
    const [here, there] = [shortChecksum(checksum), shortChecksum(expected.data)];
    throw new RefusalError(`its ${name} data are not the study's (SHA-256 ${here} here, ${there} there)`);
  }
}

function report(message: RunReport): void {
  // Nobody listens when the study was killed; the run is saved all the same.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
