import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { renderPage } from '../../src/reportPage/renderPage.js';
import { reportContent } from '../../src/reportPage/reportContent.js';
import type { FinishedStudy } from '../../src/study/runStudy.js';
import { studyOf } from '../support.js';

const threeSeeds = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8], avg: [0.5, 0.65, 0.6] });

function pageOf(finished: FinishedStudy) {
  const html = renderPage(reportContent(finished));
  return { html, document: parseHTML(html).document };
}

describe('the page', () => {
  const { html, document } = pageOf(threeSeeds);

  test('has all its parts, each with a heading that names it', () => {
    const ids = [...document.querySelectorAll('main > section')].map(({ id }) => id);
    expect(ids).toEqual(['results', 'curves', 'costs', 'limits', 'repeat']);
    for (const id of ids) expect(document.querySelector(`#${id} h2`)?.id).toBe(`${id}-title`);
    expect(document.querySelector('h1')?.textContent).toBe('smallCnn on parity');
    expect(document.querySelector('.headline')?.textContent).toBe(threeSeeds.study.conclusion);
  });

  test('asks nobody for anything, and runs nothing', () => {
    const { length } = document.querySelectorAll('script, link, iframe, object, embed, base');
    expect(length).toBe(0);
    for (const element of document.querySelectorAll('[src], [href]')) {
      const address = element.getAttribute('src') ?? element.getAttribute('href') ?? '';
      expect(address).toMatch(/^(data:image\/png;base64,|#)/);
    }
    // A chart's own parts are no requests.
    expect(html.match(/url\((?!#)|@import|https?:\/\/|\son\w+=/g)).toBeNull();
  });

  test('every chart says in words what it shows', () => {
    const charts = [...document.querySelectorAll('svg')];
    expect(charts.length).toBeGreaterThan(4);
    for (const chart of charts) {
      expect(chart.getAttribute('role')).toBe('img');
      expect(chart.getAttribute('aria-label')).toMatch(/soft/);
    }
    expect(html.match(/undefined|NaN|\[object/g)).toBeNull();
  });

  test('the table has a row for each pooling, the best first', () => {
    const rows = [...document.querySelectorAll('#results tbody tr')];
    expect(rows.map((row) => row.querySelector('.pool')?.textContent)).toEqual(['soft', 'max', 'avg']);
    expect(rows[0]?.textContent).toContain('+2.0[−0.4, +4.6]');
  });
});

test('twenty poolings each have a small chart of their own', () => {
  const pools = ['max', 'soft', 'avg', 'sum', 'lp', 'pow', 'gem', 's3'];
  const { document } = pageOf(
    studyOf(Object.fromEntries(pools.map((pool, i) => [pool, [0.6 + i / 50, 0.65 + i / 60]]))),
  );
  expect(document.querySelectorAll('#curves svg')).toHaveLength(2 * pools.length);
});

test('one seed has no intervals, and the page says why', () => {
  const { document } = pageOf(studyOf({ soft: [0.613], max: [0.6] }));
  expect(document.querySelector('#results')?.textContent).toContain('One seed: there are no intervals and no tests.');
  expect(document.querySelector('.verdict')?.textContent).toContain('Not tested against max');
});

test('a study that isn’t finished says so before anything else', () => {
  const { document } = pageOf(studyOf({ soft: [0.5, undefined], max: [0.6, 0.7] }));
  expect(document.querySelector('.notice')?.textContent).toContain('3 of 4 runs are done');
});

test('names from a file are text, not markup', () => {
  const { study, timing } = threeSeeds;
  const data = { ...study.data, name: '<img src=x onerror=alert(1)>' };
  const { document } = pageOf({ study: { ...study, data }, timing });
  expect(document.querySelectorAll('img[src=x]')).toHaveLength(0);
  expect(document.querySelector('h1')?.textContent).toContain('<img src=x');
});
