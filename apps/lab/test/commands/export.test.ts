import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as onnx from 'onnxruntime-web';
import { Generator, noGrad, randn } from 'softgrad';
import { parseSafetensors } from 'softgrad/io';
import * as nn from 'softgrad/nn';
import { saveCheckpoint } from 'softgrad/train';
import { describe, expect, test } from 'vitest';
import { exportCommand } from '../../src/commands/export.js';
import { explainMistakes } from '../../src/mistakes.js';
import { recipe } from '../../src/study/settings.js';
import { readWeightsMetadata, weightsMetadata } from '../../src/study/weightsMetadata.js';
import { UsageError } from '../../src/usageError.js';
import { settings, softgrad, temporaryFolder } from '../support.js';

const description = {
  settings: { ...recipe.parse(settings), pool: 'soft', seed: 0 },
  data: { classes: ['even', 'odd'], shape: [3, 16, 16], normalization: { mean: [0.5, 0.4, 0.3], std: [1, 2, 3] } },
};

/** A folder with a file of weights, with or without what softgrad writes beside them. */
async function prepared(metadata = weightsMetadata(description.settings, description.data)) {
  const folder = await temporaryFolder();
  const model = nn.models.smallCnn({ pool: 'soft', numClasses: 2, generator: new Generator(1) });
  const weights = path.join(folder, 'weights.safetensors');
  await saveCheckpoint(weights, model, metadata);
  return { folder, weights, model };
}

function mistakeIn(...words: string[]): Promise<unknown> {
  const command = exportCommand();
  explainMistakes(command);
  return command.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a run becomes ONNX that computes the same, and safetensors that know what they are of', async () => {
  const { folder, weights, model } = await prepared();
  const [graph, tensors] = [path.join(folder, 'small.onnx'), path.join(folder, 'small.safetensors')];
  const { code, stdout, stderr } = await softgrad(
    'export',
    '--weights',
    folder,
    '--onnx',
    graph,
    '--safetensors',
    tensors,
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.split('\n')).toEqual([
    `smallCnn with soft pooling, 2 classes, from ${weights}`,
    `  ${graph}         ONNX, input [batch, 3, 16, 16], output [batch, 2]`,
    `  ${tensors}  safetensors, 17 tensors`,
    '',
  ]);
  expect((await readdir(folder)).sort()).toEqual(['small.onnx', 'small.safetensors', 'weights.safetensors']);

  onnx.env.wasm.numThreads = 1;
  const session = await onnx.InferenceSession.create(await readFile(graph));
  const x = randn([2, 3, 16, 16], { generator: new Generator(2) });
  const input = new onnx.Tensor('float32', Float32Array.from(await x.data()), x.shape);
  const actual = (await session.run({ input })).output?.data;
  const expected = await noGrad(() => model.eval().forward(x)).data();
  expect(actual).toHaveLength(4);
  expected.forEach((value, i) => {
    expect(Math.abs(value - Number(actual?.[i]))).toBeLessThan(1e-4);
  });

  expect(await readWeightsMetadata(tensors)).toEqual(description);
  const [before, after] = [weights, tensors].map(async (file) => parseSafetensors(await readFile(file)).tensors);
  expect(await after).toEqual(await before);
});

test('weights of another program are exported as the options say, with a fixed batch on request', async () => {
  const { folder, weights } = await prepared({});
  const words = ['--model', 'smallCnn', '--pool', 'max', '--classes', '2', '--shape', '3,8,8', '--batch', '4'];
  const graph = path.join(folder, 'small.onnx');
  expect(await mistakeIn('--weights', weights, ...words, '--onnx', graph)).toBeUndefined();
  const session = await onnx.InferenceSession.create(await readFile(graph));
  expect(session.inputMetadata).toMatchObject([{ shape: [4, 3, 8, 8] }]);
  expect(session.outputMetadata).toMatchObject([{ shape: [4, 2] }]);
});

test('another pooling and another shape are computed with a note, and the metadata tell how the weights were trained', async () => {
  const { folder, weights } = await prepared();
  const [graph, tensors] = [path.join(folder, 'small.onnx'), path.join(folder, 'small.safetensors')];
  const words = ['--weights', weights, '--pool', 'max', '--shape', '3,8,8', '--onnx', graph, '--safetensors', tensors];
  const { code, stdout, stderr } = await softgrad('export', ...words);
  expect(stderr).toBe('the file says soft pooling and samples of 3,16,16; computing with max and 3,8,8\n');
  expect(stdout).toMatch(/^smallCnn with max pooling, 2 classes, from /);
  expect(code).toBe(0);
  expect(await readWeightsMetadata(tensors)).toEqual(description);
  const trained = weightsMetadata(description.settings, description.data);
  expect(parseSafetensors(await readFile(tensors)).metadata).toEqual(trained);
  const text = await readFile(graph, 'utf8');
  for (const value of Object.values(trained)) expect(text).toContain(value);
  expect(text).toContain('{"model":"smallCnn","pool":"max"}');
});

describe('export: a mistake says in one line what is allowed, and writes nothing', () => {
  test.each([
    [['--shape', '3'], 'such as 3,32,32'],
    [['--shape', '3,0,8'], 'such as 3,32,32'],
    [['--shape', '3,1e9,8'], 'such as 3,32,32'],
    [['--model', 'vgg99'], 'smallCnn'],
    [['--pool', 'median'], 'avg, max, soft'],
    [['--batch', '0'], 'at least 1'],
    [[], '--onnx, --safetensors or both'],
  ])('%j', async (words, allowed) => {
    const { weights } = await prepared();
    const mistake = await mistakeIn('--weights', weights, ...words);
    expect(mistake).toBeInstanceOf(UsageError);
    expect(String(mistake)).toContain(allowed);
    expect(String(mistake)).not.toContain('\n');
  });

  test('weights that are not there, not weights, or of no known network', async () => {
    const { folder, weights } = await prepared({});
    const graph = path.join(folder, 'small.onnx');
    const missing = await mistakeIn('--weights', path.join(folder, 'none'), '--onnx', graph);
    expect(String(missing)).toContain("can't be read (ENOENT");
    expect(String(await mistakeIn('--weights', weights, '--onnx', graph))).toContain(
      'give --model, --pool, --classes, --shape',
    );
    await writeFile(path.join(folder, 'text'), 'no tensors at all');
    const text = await mistakeIn('--weights', path.join(folder, 'text'), '--onnx', graph);
    expect(text).toBeInstanceOf(UsageError);
    expect(String(text)).toMatch(/text is no safetensors file \(byte 0: .*\), or a damaged one; give such a file/);
    expect(String(await mistakeIn('--weights', '', '--onnx', graph))).toContain('the name of the weights is empty');
    expect((await readdir(folder)).sort()).toEqual(['text', 'weights.safetensors']);
  });

  test('another network, or an input that is too small', async () => {
    const { folder, weights } = await prepared();
    const said = 'the file says smallCnn with soft pooling';
    const cases = [
      [['--model', 'resnet8'], said, 'missing: layer1.0.conv1.weight', 'leave --model out'],
      [['--pool', 'conv'], said, 'missing: pool1.weight', 'leave --pool out'],
      [['--classes', '5'], `${said}, 2 classes`, 'linear.weight [5,64], given [2,64]', 'leave --classes out'],
      [['--shape', '1,16,16'], `${said}, samples of 3,16,16`, 'conv1.weight [16,1,3,3], given', 'leave --shape out'],
      [
        ...[['--shape', '3,2,2'], `${said}, samples of 3,16,16`],
        ...['smallCnn takes samples of a channel axis and 2 more axes of at least 4, not [3,2,2]', 'leave --shape out'],
      ],
    ] as const;
    for (const [words, says, detail, advice] of cases) {
      const mistake = await mistakeIn('--weights', weights, '--onnx', path.join(folder, 'small.onnx'), ...words);
      expect(mistake).toBeInstanceOf(UsageError);
      expect(String(mistake)).toContain(`${weights} doesn't fit ${words.join(' ')}: ${says} (`);
      expect(String(mistake)).toContain(detail);
      expect(String(mistake)).toMatch(new RegExp(`; ${advice}$`));
    }
    expect(await readdir(folder)).toEqual(['weights.safetensors']);
  });

  test('files that are there are replaced with --force only, and never the weights themselves', async () => {
    const { folder, weights } = await prepared();
    const graph = path.join(folder, 'small.onnx');
    await writeFile(graph, 'of value');
    const words = ['--weights', weights, '--onnx', graph];
    expect(String(await mistakeIn(...words))).toContain('replace it with --force');
    expect(await readFile(graph, 'utf8')).toBe('of value');
    const before = await readFile(weights);
    const itself = path.join(folder, '.', 'weights.safetensors');
    expect(String(await mistakeIn('--weights', weights, '--safetensors', itself, '--force'))).toContain(
      'choose another',
    );
    expect(String(await mistakeIn(...words, '--safetensors', graph, '--force'))).toContain('the same file');
    expect(String(await mistakeIn('--weights', weights, '--onnx', folder, '--force'))).toContain('is a folder');
    expect(await readFile(weights)).toEqual(before);
    expect(await mistakeIn(...words, '--force')).toBeUndefined();
    expect(await onnx.InferenceSession.create(await readFile(graph))).toBeDefined();
  });
});
