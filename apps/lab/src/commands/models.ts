/**
 * @file `softgrad models`: the trained networks that come with the lab.
 */
import { styleText } from 'node:util';
import { Command } from 'commander';
import { type Column, columnLines } from '../report/columnLines.js';
import { grouped, megabytes, percent } from '../report/format.js';
import type { ModelCard } from '../zoo/modelCard.js';
import { modelCards } from '../zoo/zoo.js';

const examples = `
Examples:
  softgrad models
  softgrad predict cat.jpg --weights resnet20-soft-cifar10
  softgrad export --weights resnet20-soft-cifar10 --onnx r20.onnx

predict, evaluate and export take a name in the place of a file. docs/modelZoo.md tells how the networks were trained.`;

/** The command, which has no options. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the trained networks that come with softgrad')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .action(async () => {
      process.stdout.write(modelList(await modelCards()));
    });
}

/** A line for each network, and how one is used. */
export function modelList(cards: readonly ModelCard[]): string {
  const [first] = cards;
  if (!first) return 'There are none in this version.\n';
  const column = (head: string, align: Column['align'], cell: (card: ModelCard) => string): Column => {
    return { head, align, cells: cards.map(cell) };
  };
  const table = columnLines([
    column('name', 'left', ({ name }) => styleText('bold', name)),
    column('data', 'left', ({ data }) => data.name),
    column('test accuracy', 'right', ({ result }) => percent(result.test.accuracy)),
    column('parameters', 'right', ({ result }) => grouped(result.parameters)),
    column('size', 'right', ({ weights }) => megabytes(weights.bytes)),
  ]);
  return `${table.join('\n')}\n\n  softgrad predict picture.jpg --weights ${first.name}\n`;
}
