/**
 * @file `report.html`: one file that loads nothing and runs nothing.
 */
import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { Evidence } from './evidence/evidence.js';
import { drawFigures } from './figures/figures.js';
import { lookOf } from './page/look.js';
import { Page } from './page/Page.js';
import type { ReportContent } from './reportContent.js';

/** Beside the sources and beside their build alike. */
const STYLES = ['tokens', 'base', 'head', 'cards', 'tables', 'pictures', 'closing'].map(
  (name) => new URL(`../../assets/report/${name}.css`, import.meta.url),
);

/** @param evidence what the study's weights and test samples show */
export async function renderPage(content: ReportContent, evidence: Evidence): Promise<string> {
  const look = lookOf(content.study.settings.pools);
  const figures = await drawFigures(content.study, evidence, look.colours);
  const style = STYLES.map((file) => readFileSync(file, 'utf8')).join('\n');
  const page = <Page content={content} figures={figures} look={look} style={style} />;
  return numberedFromOne(`<!doctype html>\n${renderToStaticMarkup(page)}\n`);
}

/** Plot counts the clips of all charts of a process; a page must be the same whatever was drawn before it. */
function numberedFromOne(html: string): string {
  const numbers = new Map<string, number>();
  return html.replace(/plot-clip-\d+/g, (name) => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return `clip-${number}`;
  });
}
