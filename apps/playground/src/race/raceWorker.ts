/**
 * @file The worker in which a race runs, so that the page stays free.
 */
import type { RaceCommand, RaceReport } from './protocol.js';
import { Race } from './race.js';

let race: Promise<Race> | undefined;

const report = (message: RaceReport): void => postMessage(message);

async function obey(command: RaceCommand): Promise<void> {
  if (command.kind === 'prepare') {
    race = Race.prepare(command.settings, report);
    await race;
    return;
  }
  const present = await race;
  if (command.kind === 'run') await present?.run();
  else if (command.kind === 'step') await present?.step();
  else present?.pause();
}

addEventListener('message', ({ data }: MessageEvent<RaceCommand>) => {
  obey(data).catch((error: unknown) => {
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
