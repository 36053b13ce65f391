/**
 * @file The program of a process that trains runs for a study in another process, one after the other.
 *
 * It ends when the study does, however that ends: the run under way is saved first.
 */
import { chooseBackend } from '../commands/backendOptions.js';
import { loadStudyData, type StudyData } from './datasets.js';
import { RunFolder } from './runFolder.js';
import type { RunReport, RunRequest } from './runMessages.js';
import { trainRun } from './trainRun.js';

type Order = Extract<RunRequest, { kind: 'run' }>;

let underWay: AbortController | undefined;
let data: StudyData | undefined;

process.on('message', (request: RunRequest) => {
  if (request.kind === 'stop') underWay?.abort();
  else void train(request);
});
process.on('disconnect', () => underWay?.abort());
// Ctrl-C reaches every process of the terminal. The study decides what follows from it.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});

async function train({ settings, folder, dataDir, backend }: Order): Promise<void> {
  const controller = new AbortController();
  underWay = controller;
  try {
    if (!data) {
      await chooseBackend(backend);
      data = await loadStudyData(settings, dataDir);
    }
    const result = await trainRun(settings, data, new RunFolder(folder), {
      onResume: (event) => report({ kind: 'resume', event }),
      onStep: (event) => report({ kind: 'step', event }),
      onEpoch: (record) => report({ kind: 'epoch', record }),
      signal: controller.signal,
    });
    report({ kind: 'end', result });
  } catch (error) {
    report({ kind: 'failure', message: error instanceof Error ? error.message : String(error) });
  }
}

function report(message: RunReport): void {
  // Nobody listens when the study was killed; the run is saved all the same.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
