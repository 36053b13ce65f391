/**
 * @file All commands of `softgrad`.
 */
import { Command } from 'commander';
import { compareCommand } from './commands/compare.js';
import { downsampleCommand } from './commands/downsample.js';
import { evaluateCommand } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { fetchCommand } from './commands/fetch.js';
import { modelsCommand } from './commands/models.js';
import { predictCommand } from './commands/predict.js';
import { reportCommand } from './commands/report.js';
import { trainCommand } from './commands/train.js';
import { workerCommand } from './commands/worker.js';
import { explainMistakes } from './mistakes.js';
import { version } from './version.js';

/** The command line, ready to parse; mistakes in its words are thrown as UsageErrors. */
export function createProgram(): Command {
  const program = new Command('softgrad')
    .description('Train small CNNs and compare pooling strategies.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command');
  const commands = [
    compareCommand(),
    workerCommand(),
    trainCommand(),
    evaluateCommand(),
    predictCommand(),
    modelsCommand(),
    reportCommand(),
    exportCommand(),
    downsampleCommand(),
    fetchCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) explainMistakes(command);
  return program;
}
