/**
 * @file The words of `softgrad …`. Commands are read, and not run.
 */
import fc from 'fast-check';
import { type RecipeOptions, recipeOf } from '../../../apps/lab/src/commands/recipeOptions.js';
import { createProgram } from '../../../apps/lab/src/program.js';
import { recipe } from '../../../apps/lab/src/study/settings.js';
import { UsageError } from '../../../apps/lab/src/usageError.js';
import { complaintAbout } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { hostileNumberText, hostileText } from '../hostileValues.js';

const known = createProgram();
const names = known.commands.map((command) => command.name());
const flags = [...new Set(known.commands.flatMap(({ options }) => options.map(({ long }) => long ?? '')))];

const plausible = fc.constantFrom(
  ...[
    'soft',
    'max',
    'soft,max',
    'cifar10',
    'shapes',
    'resnet8',
    'smallCnn',
    'sgd',
    'wasm',
    '1',
    '2',
    '3',
    '0.1',
    '3,32,32',
  ],
  ...['none', 'crop,flip', 'white', '#808080', 'imagenet', 'out.png', 'http://127.0.0.1/', 'runs/x', 'cosine', '7,'],
);
const value = fc.oneof(
  plausible,
  hostileText,
  hostileNumberText,
  fc.array(hostileText, { maxLength: 4 }).map((list) => list.join()),
);
const word = fc.oneof(
  { arbitrary: fc.tuple(fc.constantFrom(...flags), value), weight: 6 },
  { arbitrary: fc.tuple(fc.constantFrom(...flags), value).map(([flag, text]) => [`${flag}=${text}`]), weight: 2 },
  { arbitrary: fc.constantFrom(...flags).map((flag) => [flag]), weight: 1 },
  { arbitrary: value.map((text) => [text]), weight: 1 },
);
const words: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.oneof({ arbitrary: fc.constantFrom(...names), weight: 9 }, { arbitrary: hostileText, weight: 1 }),
    fc.array(word, { maxLength: 3 }),
  )
  .map(([name, rest]) => [name, ...rest.flat()]);

export const commandLine = fuzzTarget<readonly string[]>({
  ...{ name: 'command-line', cases: 100_000, inputs: words },
  read: async (input) => {
    const all = createProgram();
    for (const command of [all, ...all.commands]) command.action(() => {}).configureOutput({ writeOut: () => {} });
    try {
      await all.parseAsync(input, { from: 'user' });
    } catch (error) {
      // Help, or the version: what was asked for.
      if (error instanceof Error && 'exitCode' in error && error.exitCode === 0) return;
      throw error;
    }
    const command = all.commands.find((one) => one.name() === input[0]);
    if (command === undefined || !['train', 'compare'].includes(command.name())) return;
    const options = command.opts<RecipeOptions>();
    demand(recipe.safeParse(recipeOf(options)).success, `${JSON.stringify(options)} is no recipe`);
  },
  complaint: (error, input) => {
    const quoted = input.reduce((total, text) => total + text.length, 0);
    return complaintAbout(error, { classes: [UsageError], quoted });
  },
  bytes: (input) => new TextEncoder().encode(JSON.stringify(input)),
});
