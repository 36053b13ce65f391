/**
 * @file Mistakes in the words of a command: commander finds them, here they become one line that ends with what is allowed.
 */
import { type Command, type CommanderError, InvalidArgumentError } from 'commander';
import { UsageError } from './usageError.js';

/** Makes `command` throw a UsageError instead of printing an error and leaving the process. */
export function explainMistakes(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  command.exitOverride((error) => {
    if (error.exitCode === 0) throw error;
    throw new UsageError(explanation(command, error));
  });
}

function explanation(command: Command, { code, message }: CommanderError): string {
  const said = message.replace(/^error: /, '');
  if (code === 'commander.help') return `a command is missing; ${allowedCommands(command)}; softgrad --help tells more`;
  if (code === 'commander.unknownOption') return `${said}; ${allowedOptions(command)}`;
  if (code === 'commander.unknownCommand') return `${said}; ${allowedCommands(command)}`;
  if (code === 'commander.excessArguments') return tooMany(command);
  if (code === 'commander.optionMissingArgument') return `${said}. ${requirement(command, said)}`;
  return said;
}

/** Most often a list with a space in it. */
function tooMany(command: Command): string {
  const [word] = command.args.slice(command.registeredArguments.length);
  return `'${word}' is one word too many (a list has no spaces: soft,max); softgrad ${command.name()} --help tells what may be given`;
}

function allowedCommands({ commands }: Command): string {
  return `allowed: ${commands.map((command) => command.name()).join(', ')}`;
}

function allowedOptions(command: Command): string {
  const options = command.createHelp().visibleOptions(command);
  return `allowed: ${options.map(({ long }) => long).join(', ')}`;
}

/** What the option that `message` quotes must be followed by: what its parser says of nothing at all. */
function requirement({ options }: Command, message: string): string {
  const option = options.find(({ flags }) => message.includes(`'${flags}'`));
  try {
    option?.parseArg?.('', undefined);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error.message;
    throw error;
  }
  return `Allowed: ${option?.description}.`;
}
