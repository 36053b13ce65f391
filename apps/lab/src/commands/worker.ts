/**
 * @file `softgrad worker`: trains runs of studies that other machines put into a queue.
 */
import os from 'node:os';
import { Command, Option } from 'commander';
import { interruptible } from '../interruptible.js';
import { oneLine } from '../oneLine.js';
import { decimalNumber, wholeNumber } from '../optionValues.js';
import { version } from '../version.js';
import { queueOption } from './queueOption.js';

interface WorkerOptions {
  readonly queue: string;
  readonly jobs: number;
  readonly threads?: number;
  readonly dataDir?: string;
  readonly takeover: number;
  readonly saveEvery: number;
}

const examples = `
Examples:
  softgrad worker --queue redis://queue.example
  SOFTGRAD_QUEUE_PASSWORD=… softgrad worker --queue rediss://lab@queue.example:6380 --jobs 4

Takes one run after the other until Ctrl-C or SIGTERM, which saves the runs under way and gives them back. If it is killed
instead, another worker takes its runs up from their last checkpoints. Whoever can write to that Redis decides what is
computed here, so it must be protected. docs/study.md tells more.`;

/** The command with its options. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description('train runs of studies on other machines: compare --queue')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .action(work);
  const options = [
    queueOption().makeOptionMandatory(),
    new Option('--jobs <n>', 'runs at a time, each in a process of its own')
      .argParser(wholeNumber({ most: 64 }))
      .default(1),
    new Option('--threads <n>', 'threads of each run (default: its share of the processors)').argParser(
      wholeNumber({ most: 64 }),
    ),
    new Option(
      '--data-dir <folder>',
      'where the files of cifar10, cifar100 or mnist lie (default: where fetch puts them)',
    ),
    new Option('--save-every <s>', 'seconds at least between two checkpoints of a run that are sent')
      .argParser(decimalNumber({ most: 86_400 }))
      .default(30),
    new Option('--takeover <s>', 'seconds of silence before a run is given to another worker')
      .argParser(decimalNumber({ least: 1, most: 86_400 }))
      .default(30),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

async function work({ queue, ...options }: WorkerOptions): Promise<void> {
  const { queueAddress } = await import('../queue/queueAddress.js');
  const { QueueWorker } = await import('../queue/queueWorker.js');
  const { ProcessPool } = await import('../study/processPool.js');
  const address = queueAddress(queue);
  const pool = new ProcessPool();
  const say = (line: string): void => void process.stdout.write(`${oneLine(line)}\n`);
  await interruptible(
    async (signal) => {
      const worker = await QueueWorker.open({ ...options, address, pool, say });
      const { jobs } = options;
      say(
        `softgrad ${version} on ${os.hostname()} takes ${jobs} ${jobs === 1 ? 'run' : 'runs'} at a time from ${address.title}`,
      );
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await closeOrExit(worker);
      await pool.close();
    },
    () => {},
  );
  // To be told to stop is how a worker ends.
  process.exitCode = 0;
}

/** A connection that Redis doesn't answer would keep the process alive. */
async function closeOrExit(worker: { close(): Promise<void> }): Promise<void> {
  try {
    await worker.close();
  } catch (error) {
    process.stderr.write(`softgrad: ${oneLine(error instanceof Error ? error.message : String(error))}\n`);
    process.exit(1);
  }
}
