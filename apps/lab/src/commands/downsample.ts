/**
 * @file `softgrad downsample FILE`: what poolings make of a picture, side by side.
 */
import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { writeFileAtomically } from 'softgrad/io';
import * as nn from 'softgrad/nn';
import { downsample, type GivenPicture } from '../downsample/downsample.js';
import type { Downsampling } from '../downsample/downsampling.js';
import { drawSheet } from '../downsample/sheet/sheet.js';
import { summary } from '../downsample/summary.js';
import { DEFAULT_MAX_PIXELS, type DecodedPicture, decodePicture, isColour } from '../images/decodePicture.js';
import { encodePixels, formatOfName, isAnimatedFormat } from '../images/encodePicture.js';
import { PICTURE_FORMATS, type PictureFormat } from '../images/picture.js';
import { aloneOrListOf, wholeNumber } from '../optionValues.js';
import { UsageError } from '../usageError.js';
import { maxPixelsOption, RAISE_MAX_PIXELS } from './maxPixels.js';

interface DownsampleOptions {
  readonly pools: readonly string[];
  readonly kernel: number;
  readonly stride?: number;
  readonly levels: number;
  readonly temporal?: boolean;
  readonly scale: number;
  readonly seed: number;
  readonly against?: string;
  readonly againstJpeg?: number;
  readonly background: string;
  readonly maxPixels: number;
  readonly panel?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What white counts as: SoftPool's authors pooled pixels / 255 / 0.226, 0.226 being ImageNet's standard deviation. */
const SCALES = { imagenet: 1 / 0.226, unit: 1, byte: 255 } as const;

const examples = `
Examples:
  softgrad downsample photo.jpg
  softgrad downsample photo.png --pools soft,max,avg --levels 2 --out reductions.png
  softgrad downsample clip.gif --temporal --out reductions.webp
  softgrad downsample otters.jpg --pools soft --against otters_soft.jpg --against-jpeg 95

Reads PNG, JPEG, WebP and GIF. Each pooling, and Lanczos's filter for comparison, reduces the picture; the reduction is
enlarged again and compared with the original, and compared as it is with the Lanczos reduction. Animations are reduced
frame by frame, or with --temporal over time as well. docs/downsample.md says how the numbers are defined.`;

/** The command with its options. */
export function downsampleCommand(): Command {
  const command = new Command('downsample')
    .description('reduce a picture with several poolings and compare them')
    .addArgument(new Argument('<file>', 'a PNG, JPEG, WebP or GIF'))
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .action(run);
  for (const option of [...poolingOptions(), ...fileOptions()]) command.addOption(option);
  return command;
}

function poolingOptions(): Option[] {
  const pools = nn.poolNames();
  return [
    new Option('--pools <names>', `poolings, or all: ${pools.join(', ')}`)
      .argParser(poolList)
      .default(['soft', 'max', 'avg'], 'soft,max,avg'),
    new Option('--kernel <n>', 'side of the windows').argParser(wholeNumber({ most: 1024 })).default(2),
    new Option('--stride <n>', 'distance of the windows (default: the kernel)').argParser(wholeNumber({ most: 1024 })),
    new Option('--levels <n>', 'how many times to pool').argParser(wholeNumber({ most: 16 })).default(1),
    new Option('--temporal', 'pool animations over time as well'),
    new Option('--scale <s>', `what white counts as, black being 0: ${Object.keys(SCALES).join(', ')}, or a number`)
      .argParser(scale)
      .default(SCALES.imagenet, 'imagenet, 1/0.226'),
    new Option('--seed <n>', 'of initial parameters')
      .argParser(wholeNumber({ least: 0, most: 2 ** 32 - 1 }))
      .default(0),
  ];
}

function fileOptions(): Option[] {
  return [
    new Option(
      '--out <file>',
      'where the sheet goes (default: <name>-pools.png, of an animation .gif; <name> with its extension if it is another)',
    ).argParser(outFile),
    new Option('--force', 'replace the sheet, or what else is there'),
    new Option('--against <file>', 'a picture to compare the reductions with'),
    new Option('--against-jpeg <q>', 'save reductions as JPEGs of this quality before that').argParser(
      wholeNumber({ most: 100 }),
    ),
    new Option('--background <colour>', 'shows through transparent parts').argParser(colour).default('white'),
    maxPixelsOption(DEFAULT_MAX_PIXELS),
    new Option('--panel <pixels>', 'width of each picture on the sheet (default: 320, of an animation 240)').argParser(
      wholeNumber({ least: 200, most: 4096 }),
    ),
    new Option('--json', 'print the numbers as JSON instead of a table'),
  ];
}

function poolList(text: string): readonly string[] {
  const names = aloneOrListOf('all', nn.poolNames())(text);
  return names === 'all' ? nn.poolNames() : names;
}

function scale(text: string): number {
  const named = Object.entries(SCALES).find(([name]) => name === text);
  if (named) return named[1];
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    const names = Object.keys(SCALES).join(', ');
    throw new InvalidArgumentError(`It must be ${names}, or a number of more than 0, which black is.`);
  }
  return value;
}

function colour(text: string): string {
  if (!isColour(text)) throw new InvalidArgumentError('It must be a colour as in CSS, such as white or #808080.');
  return text;
}

function outFile(text: string): string {
  if (formatOfName(text) === undefined) {
    throw new InvalidArgumentError(`Its name must end in ${PICTURE_FORMATS.map((f) => `.${f}`).join(', ')} or .jpg.`);
  }
  return text;
}

async function run(file: string, options: DownsampleOptions): Promise<void> {
  const { pools, kernel, stride = kernel, levels, temporal = false, scale: white, seed } = options;
  const picture = await readPicture(file, options);
  const { sheet, format } = await sheetFile(file, picture, options);
  const given = await readGiven(options);
  const settings = { pools, kernel, stride, levels, temporal, white, seed };
  const found = await downsample(file, picture, settings, { given });
  const report: Downsampling = { ...found.report, sheet };
  const panel = options.panel ?? (picture.frames.length > 1 ? 240 : 320);
  const pixels = await drawSheet(report, found.reductions, panel);
  await writeFileAtomically('softgrad downsample', sheet, await encodePixels(pixels, format));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : summary(report));
}

async function readPicture(
  file: string,
  { maxPixels, background, temporal }: DownsampleOptions,
): Promise<DecodedPicture> {
  const picture = await decodePicture(file, { maxPixels, background, ifLarger: RAISE_MAX_PIXELS });
  if (temporal && picture.frames.length === 1) {
    throw new UsageError(`--temporal goes with an animation; ${file} has one frame`);
  }
  return picture;
}

async function readGiven(options: DownsampleOptions): Promise<GivenPicture | undefined> {
  const { against, againstJpeg: jpegQuality, maxPixels, background } = options;
  if (against === undefined) {
    if (jpegQuality !== undefined) throw new UsageError('--against-jpeg goes with --against <file>');
    return undefined;
  }
  const picture = await decodePicture(against, { maxPixels, background, ifLarger: RAISE_MAX_PIXELS });
  return { file: against, picture, jpegQuality };
}

/** Where the sheet goes. Checked before anything is computed. */
async function sheetFile(
  file: string,
  { frames }: DecodedPicture,
  options: DownsampleOptions,
): Promise<{ sheet: string; format: PictureFormat }> {
  const animated = frames.length > 1;
  const sheet = options.out ?? defaultSheet(file, animated ? '.gif' : '.png');
  const format = formatOfName(sheet) ?? 'png';
  if (animated && !isAnimatedFormat(format)) {
    throw new UsageError(`--out ${sheet} can't hold the ${frames.length} frames of ${file}; allowed: .gif, .webp`);
  }
  await access(path.dirname(sheet), constants.W_OK).catch((cause: Error) => {
    throw new UsageError(`--out ${sheet} can't be written (${cause.message})`, { cause });
  });
  await checkReplaced(sheet, file, options);
  return { sheet, format };
}

/** `photo-pools.png` of `photo.png`, but `photo.jpg-pools.png` of `photo.jpg`: each of several pictures has its own. */
export function defaultSheet(file: string, extension: string): string {
  return `${path.basename(file, extension)}-pools${extension}`;
}

/** That nothing of value is written over: neither the pictures that are read nor, without `--force`, any other file. */
async function checkReplaced(sheet: string, file: string, { against, force }: DownsampleOptions): Promise<void> {
  const existing = await stat(sheet).catch(() => undefined);
  if (!existing) return;
  if (existing.isDirectory()) throw new UsageError(`--out ${sheet} is a folder; it must be a file`);
  const target = await realpath(sheet);
  const isRead = async (name: string): Promise<boolean> => (await realpath(name).catch(() => undefined)) === target;
  if (await isRead(file)) throw new UsageError(`--out ${sheet} is the picture itself; choose another name`);
  if (against !== undefined && (await isRead(against))) {
    throw new UsageError(`--out ${sheet} is the picture of --against; choose another name`);
  }
  if (!force) {
    throw new UsageError(
      `${sheet} is there already, perhaps from this very command; replace it with --force, or choose another name with --out`,
    );
  }
}
