/**
 * @file `softgrad fetch`: data sets from their publishers.
 */
import type { SingleBar } from 'cli-progress';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { cacheFolder } from '../fetch/dataCache.js';
import { DATASET_SOURCES, type DatasetSource, FETCHED_NAMES, type FetchedName } from '../fetch/datasetSources.js';
import { fetchDataset } from '../fetch/fetchDataset.js';
import { interruptible } from '../interruptible.js';
import { oneOf } from '../optionValues.js';
import { bar as barOf } from '../report/bar.js';
import { countBar } from '../report/countBar.js';
import { megabytes } from '../report/format.js';

interface FetchCommandOptions {
  readonly to?: string;
  readonly from?: string;
}

const examples = `
Examples:
  softgrad fetch cifar10
  softgrad fetch mnist --to ~/data/mnist

The files go into the cache folder, where --data finds them; SOFTGRAD_DATA names another one. Sizes and checksums are those
that the publishers give; files that are there already are checked, too, and fetched again where they are damaged. A download
that was interrupted goes on where it was.`;

/** The command with its options. */
export function fetchCommand(): Command {
  return new Command('fetch')
    .description('download a data set')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .addArgument(new Argument('<name>', FETCHED_NAMES.join(', ')).argParser(oneOf(FETCHED_NAMES)))
    .addOption(new Option('--to <folder>', 'where the files go, for --data-dir (default: the cache)'))
    .addOption(new Option('--from <address>', 'a mirror that has the same files').argParser(address))
    .action(fetchCommandAction);
}

/** A web address of a folder, with its final slash. */
function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('It must be an http or https address.');
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

async function fetchCommandAction(name: FetchedName, options: FetchCommandOptions): Promise<void> {
  const official = DATASET_SOURCES[name];
  const source = { ...official, address: options.from ?? official.address };
  const folder = options.to ?? cacheFolder(name);
  let bar = progressBar(source);
  const onDamaged = (file: string, fault: string): void => {
    bar?.stop();
    process.stderr.write(`  ${file} is damaged (${fault}); fetching it again\n`);
    bar &&= progressBar(source);
  };
  const outcome = await interruptible(
    async (signal) => {
      const fetched = fetchDataset(source, folder, { signal, onDamaged, onProgress: (bytes) => bar?.update(bytes) });
      return fetched.catch((error: unknown) => {
        if (signal.aborted) return 'interrupted' as const;
        throw error;
      });
    },
    () => bar?.stop(),
  ).finally(() => bar?.stop());
  const said = {
    true: `  ${source.title} is in ${folder}`,
    false: `  ${source.title} is in ${folder} already`,
    interrupted: '  Interrupted; the same command goes on from here.',
  }[`${outcome}`];
  process.stdout.write(`${said}\n`);
}

function progressBar({ title, files }: DatasetSource): SingleBar | undefined {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const line = (bytes: number): string =>
    `  ${title}  ${barOf(bytes / total, 24)}  ${megabytes(bytes)} of ${megabytes(total)}`;
  return countBar({ total, line, hideCursor: true });
}
