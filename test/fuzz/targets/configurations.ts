/**
 * @file The JSON files of studies and runs, and what softgrad's weights say of themselves.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { summary } from '../../../apps/lab/src/report/summary.js';
import { arithmetic } from '../../../apps/lab/src/study/arithmetic.js';
import { buildModel } from '../../../apps/lab/src/study/buildRun.js';
import { parseJson } from '../../../apps/lab/src/study/jsonFile.js';
import { runIdentity } from '../../../apps/lab/src/study/runFolder.js';
import { runResult, runTiming } from '../../../apps/lab/src/study/runResult.js';
import { runStudy } from '../../../apps/lab/src/study/runStudy.js';
import { study, studyTiming } from '../../../apps/lab/src/study/study.js';
import { StudyFolder } from '../../../apps/lab/src/study/studyFolder.js';
import { readWeightsMetadata } from '../../../apps/lab/src/study/weightsMetadata.js';
import { UsageError } from '../../../apps/lab/src/usageError.js';
import { runResult as exampleResult, settings, studyOf } from '../../../apps/lab/test/support.js';
import { shapes } from '../../../src/data/index.js';
import { ArgumentError, FormatError } from '../../../src/errors.js';
import { serializeSafetensors } from '../../../src/io/index.js';
import { complaintAbout } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { hostileBytes } from '../mutateBytes.js';
import { mutatedJson } from '../mutateJson.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const { study: exampleStudy, timing } = studyOf({ soft: [0.5, 0.6], max: [0.4, 0.7] });
const { pools, baseline, seeds, ...recipe } = settings;
const runSettings = { ...recipe, pool: 'soft', seed: 0 };
const identity = { format: 'softgrad-run', version: 1, settings: runSettings, arithmetic: arithmetic() };
const result = exampleResult('soft', 0, 0.5);

/** Every kind of file, by the example that is changed. */
const kinds = {
  study: { example: exampleStudy, schema: study, what: 'a study' },
  timing: { example: timing, schema: studyTiming, what: "a study's times" },
  identity: { example: identity, schema: runIdentity, what: 'a run' },
  result: { example: result, schema: runResult, what: 'the result of a run' },
  runTiming: { example: { epochs: timing.runs[0]?.epochs }, schema: runTiming, what: 'the times of a run' },
} as const;
type Kind = keyof typeof kinds;

interface HostileFile {
  readonly kind: Kind;
  readonly text: string;
}

const FILE = 'runs/x/study.json';

function jsonText(kind: Kind): fc.Arbitrary<string> {
  const { example } = kinds[kind];
  const bytes = hostileBytes([encode(JSON.stringify(example))]).map((part) => new TextDecoder().decode(part));
  return fc.oneof({ arbitrary: mutatedJson([example]), weight: 8 }, { arbitrary: bytes, weight: 2 });
}

export const configurations = fuzzTarget<HostileFile>({
  ...{ name: 'json', cases: 100_000 },
  inputs: fc
    .constantFrom<Kind>('study', 'timing', 'identity', 'result', 'runTiming')
    .chain((kind) => jsonText(kind).map((text) => ({ kind, text }))),
  read: ({ kind, text }) => {
    const { schema, what } = kinds[kind];
    const value = parseJson<object>(text, FILE, schema, what);
    demand(schema.safeParse(value).success, 'what was read is no such file');
    demand(Object.getPrototypeOf(value) === Object.prototype, 'what was read has another prototype');
  },
  complaint: (error) => complaintAbout(error, { classes: [UsageError], file: FILE }),
  bytes: ({ text }) => encode(text),
});

const parent = mkdtempSync(path.join(tmpdir(), 'softgrad-fuzz-study-'));
process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
const place = path.join(parent, 'inner', 'study');
const folder = new StudyFolder(place);
const plans = [
  { pool: 'soft', seed: 0 },
  { pool: 'max', seed: 0 },
] as const;
const data = {
  train: shapes({ split: 'train', count: 8 }),
  test: shapes({ split: 'test', count: 8 }),
};
const wanted = { ...settings, pools: ['soft', 'max'], seeds: [0], limit: 8 };
const { pools: _, baseline: __, seeds: ___, ...wantedRecipe } = wanted;

interface HostileFolder {
  readonly study: string | undefined;
  readonly settings: string;
  readonly result: string;
  readonly timing: string;
}

/** A valid folder with one hostile file in it. */
const hostileFolder: fc.Arbitrary<HostileFolder> = fc
  .record({
    study: fc.option(mutatedJson([{ ...exampleStudy, settings: wanted, arithmetic: arithmetic() }])),
    settings: mutatedJson([{ ...identity, settings: { ...wantedRecipe, pool: 'soft', seed: 0 } }]),
    result: mutatedJson([result]),
    timing: mutatedJson([{ epochs: timing.runs[0]?.epochs }]),
    hostile: fc.constantFrom('study', 'settings', 'result', 'timing'),
  })
  .map(({ hostile, ...files }) => ({
    study: hostile === 'study' ? (files.study ?? undefined) : undefined,
    settings: hostile === 'settings' ? files.settings : identityOf('soft'),
    result: hostile === 'result' ? files.result : JSON.stringify(result),
    timing: hostile === 'timing' ? files.timing : JSON.stringify({ epochs: timing.runs[0]?.epochs }),
  }));

function identityOf(pool: string): string {
  return JSON.stringify({ ...identity, settings: { ...wantedRecipe, pool, seed: 0 } });
}

/** A study in which one run is finished by those files, and the other as it should be. */
async function readFolder(files: HostileFolder): Promise<void> {
  rmSync(path.join(parent, 'inner'), { recursive: true, force: true });
  for (const plan of plans) {
    const run = folder.run(plan).folder;
    mkdirSync(run, { recursive: true });
    const own =
      plan.pool === 'soft'
        ? files
        : { settings: identityOf('max'), result: JSON.stringify(exampleResult('max', 0, 0.25)), timing: files.timing };
    for (const name of ['settings', 'result', 'timing'] as const)
      writeFileSync(path.join(run, `${name}.json`), own[name]);
  }
  if (files.study !== undefined) writeFileSync(path.join(place, 'study.json'), files.study);
  const runner = { jobs: 1, run: async () => undefined, close: async () => {} };
  const all = await folder.open(wanted, arithmetic(), false);
  const finished = await runStudy({ settings: all, wanted }, data, folder, runner);
  summary(finished, 80);
  const written = readFileSync(path.join(place, 'study.json'), 'utf8');
  demand(study.safeParse(JSON.parse(written)).success, 'the study that was written is none');
  demand(readdirSync(parent).join() === 'inner', `there are ${readdirSync(parent)}`);
}

export const studyFolders = fuzzTarget<HostileFolder>({
  ...{ name: 'study-folder', cases: 2_000, inputs: hostileFolder, read: readFolder, allowance: 2 ** 24 },
  complaint: (error) => complaintAbout(error, { classes: [UsageError], file: place }),
  bytes: (files) => encode(JSON.stringify(files)),
});

const weights = path.join(parent, 'inner', 'weights.safetensors');
const description = {
  classes: ['a', 'b'],
  shape: [3, 16, 16],
  normalization: { mean: [0.5, 0.5, 0.5], std: [1, 1, 1] },
};

export const weightsDescriptions = fuzzTarget<Uint8Array>({
  ...{ name: 'weights-metadata', cases: 20_000, bytes: (bytes: Uint8Array) => bytes },
  // Models of the largest sizes that are allowed.
  allowance: 2 ** 28,
  inputs: fc
    .record({
      run: fc.oneof(fc.constant(JSON.stringify(runSettings)), mutatedJson([runSettings])),
      data: mutatedJson([description]),
    })
    .map((texts) => serializeSafetensors({}, { 'softgrad.run': texts.run, 'softgrad.data': texts.data })),
  read: async (bytes) => {
    mkdirSync(path.dirname(weights), { recursive: true });
    writeFileSync(weights, bytes);
    const found = await readWeightsMetadata(weights);
    demand(found !== undefined, 'the description is lost');
    const { normalization, shape } = found.data;
    demand(shape.reduce((product, size) => product * size, 1) <= 2 ** 24, `samples of shape [${shape}]`);
    const numbers = [...(normalization?.mean ?? []), ...(normalization?.std ?? [])];
    demand(numbers.every(Number.isFinite), 'a normalization that is not finite');
    try {
      buildModel(found.settings, found.settings.pool, { train: found.data }).dispose();
    } catch (error) {
      // It says why the model doesn't take such samples.
      if (!(error instanceof ArgumentError)) throw error;
    }
  },
  complaint: (error) => complaintAbout(error, { classes: [UsageError, FormatError], file: weights }),
});
