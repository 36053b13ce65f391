/**
 * @file The command line `softgrad`.
 */
import { CommanderError } from 'commander';
import { oneLine } from './oneLine.js';
import { createProgram } from './program.js';
import { UsageError } from './usageError.js';

for (const stream of [process.stdout, process.stderr]) stream.on('error', tolerateClosedPipe);
try {
  await createProgram().parseAsync();
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
