import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseHTML } from 'linkedom';
import { maxPool2d, tensor } from 'softgrad';
import { shapes } from 'softgrad/data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Evidence, gatherEvidence } from '../../../src/reportPage/evidence/evidence.js';
import { channelOf } from '../../../src/reportPage/evidence/featureMaps.js';
import { renderPage } from '../../../src/reportPage/renderPage.js';
import { reportContent } from '../../../src/reportPage/reportContent.js';
import { localRunner } from '../../../src/study/runner.js';
import { type FinishedStudy, runStudy } from '../../../src/study/runStudy.js';
import { StudyFolder } from '../../../src/study/studyFolder.js';
import { settings } from '../../support.js';

const data = { train: shapes({ split: 'train', count: 16 }), test: shapes({ split: 'test', count: 20 }) };

describe('of a study with its weights and samples', () => {
  let folder: string;
  let finished: FinishedStudy;
  let evidence: Evidence;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'softgrad-evidence-'));
    const wanted = { ...settings, pools: ['soft', 'max', 'mixed'], seeds: [3, 5], baseline: 'max' };
    finished = await runStudy({ settings: wanted }, data, new StudyFolder(folder), localRunner(data));
    evidence = await gatherEvidence(finished.study, folder, data.test);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('there is a network of each pooling, all of one seed', () => {
    expect(evidence.insides.map(({ pool, seed }) => [pool, seed])).toEqual([
      ['soft', 3],
      ['max', 3],
      ['mixed', 3],
    ]);
    expect(evidence.missing).toEqual([]);
  });

  test('its first filters are those of the first convolution', () => {
    for (const { filters } of evidence.insides) {
      expect(filters?.layer).toBe('conv1');
      expect(filters?.filters.shape).toEqual([16, 3, 3, 3]);
      expect(filters?.filters.values).toHaveLength(16 * 27);
    }
  });

  test('what comes out of a pooling is what the pooling makes of what goes in', async () => {
    const inside = evidence.insides.find(({ pool }) => pool === 'max')!;
    expect(inside.maps.map(({ layer }) => layer)).toEqual(['pool1', 'pool2']);
    for (const { before, after } of inside.maps) {
      const pooled = maxPool2d(tensor(before.values, { shape: [...before.shape] }), { kernelSize: 2 });
      expect(pooled.shape).toEqual(after.shape);
      expect(after.values).toEqual(await pooled.data());
      expect(channelOf(after, 1)).toHaveLength(after.shape[1]! * after.shape[2]!);
    }
  });

  test('a pooling that is made of others counts once', () => {
    expect(evidence.insides[2]?.maps.map(({ layer }) => layer)).toEqual(['pool1', 'pool2']);
  });

  test('the page has pictures of all of it', async () => {
    const { document } = parseHTML(await renderPage(reportContent(finished), evidence));
    const count = (selector: string): number => document.querySelectorAll(selector).length;
    expect(count('#mistakes img')).toBeGreaterThan(0);
    expect(count('#filters img')).toBe(3);
    // Before and after, in two layers, for three poolings; and the sample.
    expect(count('#maps img')).toBe(13);
    for (const picture of document.querySelectorAll('img')) expect(picture.getAttribute('alt')).not.toBe('');
  });

  test('weights that are missing or damaged are named, and the others shown', async () => {
    const copy = await mkdtemp(path.join(os.tmpdir(), 'softgrad-evidence-'));
    await cp(folder, copy, { recursive: true });
    await rm(path.join(copy, 'runs', 'soft-seed3', 'weights.safetensors'));
    await writeFile(path.join(copy, 'runs', 'max-seed3', 'weights.safetensors'), 'not weights');
    const { insides, missing } = await gatherEvidence(finished.study, copy, data.test);
    expect(insides.map(({ pool }) => pool)).toEqual(['mixed']);
    expect(missing).toEqual([
      expect.stringMatching(/^the inside of soft, seed 3: .*weights\.safetensors/),
      expect.stringMatching(/^the inside of max, seed 3: .*weights\.safetensors/),
    ]);
    await rm(copy, { recursive: true });
  });

  test.each([
    ['others than the study’s', shapes({ split: 'test', count: 21 }), 'aren’t the ones'],
    ['not at hand', new Error('softgrad fetch cifar10'), 'softgrad fetch cifar10'],
  ])('without its samples (%s) there are filters, but no pictures', async (_, samples, said) => {
    const found = await gatherEvidence(finished.study, folder, samples);
    expect(found.missing).toEqual([expect.stringContaining(said)]);
    expect(found.insides.map(({ filters, maps }) => [filters?.layer, maps.length])).toEqual([
      ['conv1', 0],
      ['conv1', 0],
      ['conv1', 0],
    ]);
    const { document } = parseHTML(await renderPage(reportContent(finished), found));
    expect(document.querySelector('#maps')).toBeNull();
    expect(document.querySelectorAll('#mistakes img')).toHaveLength(0);
    expect(document.querySelector('#limits')?.textContent).toContain(said);
  });
});
