import type { EpochEvent, StepEvent } from 'softgrad/train';
import { expect, test, vi } from 'vitest';
import { RunFolder } from '../../src/study/runFolder.js';
import { RunRecorder } from '../../src/study/runRecorder.js';
import { temporaryFolder } from '../support.js';

const step: StepEvent = { step: 0, epoch: 0, batch: 0, batches: 5, samples: 8, loss: 1, accuracy: 0.5, lr: 0.1 };

function epochEvent(epoch: number): EpochEvent {
  const validation = { loss: 1, accuracy: 0.5, count: 10 };
  return { epoch, steps: 5, samples: 40, loss: 1, accuracy: 0.5, lr: 0.1, seconds: 1, validation };
}

/** The time of a step by epoch, of steps that took so many milliseconds. */
async function recorded(...epochs: readonly (readonly number[])[]): Promise<number[]> {
  const folder = new RunFolder(await temporaryFolder());
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const recorder = new RunRecorder(folder, {});
    for (const [index, steps] of epochs.entries()) {
      for (const milliseconds of steps) {
        now += milliseconds;
        recorder.onStep(step);
      }
      await recorder.onEpoch(epochEvent(index));
    }
  } finally {
    clock.mockRestore();
  }
  return (await folder.timing()).epochs.map(({ millisecondsPerStep }) => millisecondsPerStep);
}

test('the first three steps after a start don’t count where an epoch has others', async () => {
  expect(await recorded([900, 500, 300, 20, 30, 40], [50, 60, 70])).toEqual([30, 60]);
  expect(await recorded([900], [500, 300, 20], [30])).toEqual([900, 20, 30]);
});

test('they count where it has none', async () => {
  expect(await recorded([900, 500])).toEqual([700]);
});
