import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseSafetensors, type SafetensorsInput, serializeSafetensors } from '../../src/io/index.js';
import * as nn from '../../src/nn/index.js';
import { loadCheckpoint, saveCheckpoint } from '../../src/train/index.js';
import { readFixture } from '../support/readFixture.js';

const folder = mkdtempSync(join(tmpdir(), 'softgrad-pytorch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The state dict that PyTorch 1.13 wrote, with the counters of its batch norms, which the fixture leaves out. */
function stateDict(fixture: string): Map<string, SafetensorsInput> {
  const { tensors } = readFixture(fixture);
  const weights = [...tensors].flatMap(([name, entry]) =>
    name.startsWith('init.') ? [[name.slice(5), entry] as const] : [],
  );
  return new Map(
    weights.flatMap(([name, entry]): [string, SafetensorsInput][] => {
      const counter = { shape: [], data: BigInt64Array.of(20n) };
      return name.endsWith('running_var')
        ? [
            [name, entry],
            [name.replace('running_var', 'num_batches_tracked'), counter],
          ]
        : [[name, entry]];
    }),
  );
}

test.each([
  ['resnet8', 'max'],
  ['resnet20', 'soft'],
] as const)(
  "PyTorch's state dict of %s with %s pooling goes in and comes out with its names, shapes and bits",
  async (name, pool) => {
    const pytorch = stateDict(`${name}-${pool}`);
    const [there, back] = [join(folder, 'there'), join(folder, 'back')];
    writeFileSync(there, serializeSafetensors(pytorch));
    const model = nn.models[name]({ pool });
    expect(await loadCheckpoint(there, model)).toEqual({ missing: [], unexpected: [] });
    await saveCheckpoint(back, model);

    const { tensors } = parseSafetensors(readFileSync(back));
    const counted = [...pytorch].filter(([key]) => !key.endsWith('num_batches_tracked'));
    expect([...tensors.keys()].sort()).toEqual(counted.map(([key]) => key).sort());
    for (const [key, { shape, data }] of counted)
      expect(tensors.get(key), key).toMatchObject({ dtype: 'F32', shape, data });
  },
);
