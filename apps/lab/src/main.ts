/**
 * @file The command line `softgrad`.
 */
import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare.js';
import { downsampleCommand } from './commands/downsample.js';
import { evaluateCommand } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { fetchCommand } from './commands/fetch.js';
import { predictCommand } from './commands/predict.js';
import { reportCommand } from './commands/report.js';
import { trainCommand } from './commands/train.js';
import { workerCommand } from './commands/worker.js';
import { explainMistakes } from './mistakes.js';
import { oneLine } from './oneLine.js';
import { UsageError } from './usageError.js';
import { version } from './version.js';

const program = new Command('softgrad')
  .description('Train small CNNs and compare pooling strategies.')
  .version(version, '-v, --version', 'print the version')
  .helpOption('-h, --help', 'show this help')
  .helpCommand(false);
const commands = [
  compareCommand(),
  workerCommand(),
  trainCommand(),
  evaluateCommand(),
  predictCommand(),
  reportCommand(),
  exportCommand(),
  downsampleCommand(),
  fetchCommand(),
];
for (const command of commands) program.addCommand(command);
for (const command of [program, ...commands]) explainMistakes(command);

for (const stream of [process.stdout, process.stderr]) stream.on('error', tolerateClosedPipe);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong in one line; a mistake in the command's words exits with 2, anything else with 1. */
function explain(error: unknown): number {
  // Help or version, which commander has printed.
  if (error instanceof CommanderError) return error.exitCode;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`softgrad: ${oneLine(message)}\n`);
  if (process.env.SOFTGRAD_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return error instanceof UsageError ? 2 : 1;
}

/** Whoever stops listening (`softgrad compare | head -1`) doesn't lose a study that is under way. */
function tolerateClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
