import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/reportPage/evidence/evidence.js';
import { chooseExamples } from '../../src/reportPage/evidence/examples.js';
import { renderPage } from '../../src/reportPage/renderPage.js';
import { reportContent } from '../../src/reportPage/reportContent.js';
import type { FinishedStudy } from '../../src/study/runStudy.js';
import { studyOf } from '../support.js';

const threeSeeds = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8], avg: [0.5, 0.65, 0.6] });

/** The page of a study that left neither weights nor samples. */
async function pageOf(finished: FinishedStudy) {
  const evidence: Evidence = {
    ...{ test: undefined, sample: 0, examples: chooseExamples(finished.study, 12), insides: [] },
    missing: ['the test samples: no such file'],
  };
  const html = await renderPage(reportContent(finished), evidence);
  return { html, document: parseHTML(html).document };
}

describe('the page', () => {
  let page: Awaited<ReturnType<typeof pageOf>>;
  beforeAll(async () => {
    page = await pageOf(threeSeeds);
  });

  test('has all its parts, each with a heading that names it, and a way to it', () => {
    const { document } = page;
    const ids = [...document.querySelectorAll('main > section')].map(({ id }) => id);
    expect(ids).toEqual(['results', 'curves', 'costs', 'confusions', 'mistakes', 'limits', 'repeat']);
    for (const id of ids) expect(document.querySelector(`#${id} h2`)?.id).toBe(`${id}-title`);
    expect([...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))).toEqual(
      ids.map((id) => `#${id}`),
    );
    expect(document.querySelector('h1')?.textContent).toBe('smallCnn on parity');
    expect(document.querySelector('.headline')?.textContent).toBe(threeSeeds.study.conclusion);
  });

  test('asks nobody for anything, and runs nothing', () => {
    const { document, html } = page;
    expect(document.querySelectorAll('script, link, iframe, object, embed, base')).toHaveLength(0);
    for (const element of document.querySelectorAll('[src], [href]')) {
      const address = element.getAttribute('src') ?? element.getAttribute('href') ?? '';
      expect(address).toMatch(/^(data:image\/png;base64,|#)/);
    }
    // A chart's own parts are no requests.
    expect(html.match(/url\((?!#)|@import|https?:\/\/|\son\w+=/g)).toBeNull();
  });

  test('every chart says in words what it shows', () => {
    const charts = [...page.document.querySelectorAll('svg')];
    expect(charts.length).toBeGreaterThan(4);
    for (const chart of charts) {
      expect(chart.getAttribute('role')).toBe('img');
      expect(chart.getAttribute('aria-label')).toMatch(/soft|max|avg/);
    }
    expect(page.html.match(/undefined|NaN|\[object/g)).toBeNull();
  });

  test('the table has a row for each pooling, the best first', () => {
    const rows = [...page.document.querySelectorAll('#results tbody tr')];
    expect(rows.map((row) => row.querySelector('.pool')?.textContent)).toEqual(['soft', 'max', 'avg']);
    expect(rows[0]?.textContent).toContain('+2.0[−0.4, +4.6]');
  });

  test('says what it can’t show', () => {
    expect(page.document.querySelector('#limits')?.textContent).toContain(
      'What isn’t shown: the test samples: no such',
    );
  });
});

test('the same files give the same page, whatever was drawn before', async () => {
  const [{ html: one }, { html: other }] = [await pageOf(threeSeeds), await pageOf(threeSeeds)];
  expect(one === other).toBe(true);
});

test('of many poolings each has a small chart of its own, and the headline counts them', async () => {
  const pools = ['max', 'soft', 'avg', 'sum', 'lp', 'pow', 'gem', 's3'];
  const accuracies = pools.map((pool, i): [string, number[]] => [pool, [0.6 + i / 50, 0.65 + i / 60]]);
  const { document } = await pageOf(studyOf(Object.fromEntries(accuracies)));
  expect(document.querySelectorAll('#curves .drawing-wide svg')).toHaveLength(2 * pools.length);
  expect(document.querySelector('.headline')?.textContent).toMatch(/7 poolings/);
  expect(document.querySelector('#confusions summary')?.textContent).toBe('5 more poolings');
});

test('one seed has no intervals, and the page says why', async () => {
  const { document } = await pageOf(studyOf({ soft: [0.613], max: [0.6] }));
  expect(document.querySelector('#results')?.textContent).toContain('One seed: there are no intervals and no tests.');
  expect(document.querySelector('.verdict')?.textContent).toContain('Not tested against max');
});

test('a single pooling is compared with nothing', async () => {
  const { document, html } = await pageOf(studyOf({ max: [0.6, 0.7] }));
  expect(document.querySelector('.headline')?.textContent).toBe('There is nothing to compare with max.');
  expect(document.querySelectorAll('#results svg')).toHaveLength(0);
  expect(html.match(/undefined|NaN|Infinity/g)).toBeNull();
});

test('a study that isn’t finished says so before anything else', async () => {
  const { document } = await pageOf(studyOf({ soft: [0.5, undefined], max: [0.6, 0.7] }));
  expect(document.querySelector('.notice')?.textContent).toContain('3 of 4 runs are done');
});

test('names from a file are text, not markup', async () => {
  const { study, timing } = threeSeeds;
  const evil = '<img src=x onerror=alert(1)>';
  const data = { ...study.data, name: evil, classes: [evil, '</svg><script>alert(1)</script>'] };
  const { document } = await pageOf({ study: { ...study, data }, timing });
  expect(document.querySelectorAll('img, script')).toHaveLength(0);
  expect(document.querySelector('h1')?.textContent).toContain(evil);
});
