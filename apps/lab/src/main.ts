/**
 * @file The command line `softgrad`.
 */
import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare.js';
import { UsageError } from './usageError.js';

const program = new Command('softgrad')
  .description('Train small CNNs and compare pooling strategies.')
  .configureHelp({ showGlobalOptions: true })
  .helpOption('-h, --help', 'show this help')
  .helpCommand(false)
  .showSuggestionAfterError()
  .exitOverride();
program.addCommand(compareCommand());
for (const command of program.commands) command.exitOverride();

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong in one line; a mistake in the command's words exits with 2, anything else with 1. */
function explain(error: unknown): number {
  // Commander has printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`softgrad: ${message}\n`);
  if (process.env['SOFTGRAD_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return error instanceof UsageError ? 2 : 1;
}
