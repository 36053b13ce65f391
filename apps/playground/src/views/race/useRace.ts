/**
 * @file A race in a worker, as the page sees it.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { existingStrategies } from '../../compute/strategies.js';
import { BACKEND_CHOICES } from '../../race/backendChoices.js';
import type { RaceCommand, RaceReport, RaceSettings } from '../../race/protocol.js';
import { emptyHistory, type RaceHistory, withReport } from '../../race/raceHistory.js';
import { useStore } from '../../state/store.js';

export interface RaceControl {
  /** Undefined before the first start. */
  readonly history: RaceHistory | undefined;
  readonly isRunning: boolean;
  readonly run: () => void;
  readonly pause: () => void;
  readonly step: () => void;
  readonly reset: () => void;
}

export function useRace(): RaceControl {
  const settings = useRaceSettings();
  const worker = useRef<RaceConnection>(undefined);
  const [history, setHistory] = useState<RaceHistory>();
  const [isRunning, setRunning] = useState(false);
  const reset = (): void => {
    worker.current?.close();
    worker.current = undefined;
    setHistory(undefined);
    setRunning(false);
  };
  const send = (command: RaceCommand): void => {
    worker.current ??= new RaceConnection(settings, (next) => {
      setHistory(next);
      if (next.status === 'finished' || next.status === 'failed') setRunning(false);
    });
    worker.current.send(command);
    setRunning(command.kind === 'run');
  };
  // Other settings are another race.
  const identity = JSON.stringify(settings);
  useEffect(() => reset, [identity]);
  const command = (kind: 'run' | 'pause' | 'step') => (): void => send({ kind });
  return { history, isRunning, run: command('run'), pause: command('pause'), step: command('step'), reset };
}

function useRaceSettings(): RaceSettings {
  const { racers, seeds, batch, backend } = useStore().state.value;
  return {
    pools: existingStrategies(racers),
    seeds,
    batchSize: Number(batch),
    backend: BACKEND_CHOICES[backend],
  };
}

/** The worker; its reports are gathered and shown once a frame. */
class RaceConnection {
  readonly #worker: Worker;
  readonly #show: (history: RaceHistory) => void;
  #history = emptyHistory;
  #frame: number | undefined;

  constructor(settings: RaceSettings, show: (history: RaceHistory) => void) {
    this.#show = show;
    this.#worker = new Worker(new URL('../../race/raceWorker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<RaceReport>) => this.#take(data));
    this.#worker.addEventListener('error', ({ message }) => this.#take({ kind: 'failed', message }));
    this.send({ kind: 'prepare', settings });
    show(this.#history);
  }

  send(command: RaceCommand): void {
    this.#worker.postMessage(command);
  }

  close(): void {
    this.#worker.terminate();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #take(report: RaceReport): void {
    this.#history = withReport(this.#history, report);
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#show(this.#history);
    });
  }
}
