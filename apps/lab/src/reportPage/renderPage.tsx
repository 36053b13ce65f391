/**
 * @file `report.html`: one file that loads nothing and runs nothing.
 */
import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { numberClips } from './charts/numberClips.js';
import type { Evidence } from './evidence/evidence.js';
import { drawFigures } from './figures/figures.js';
import { lookOf } from './page/look.js';
import { Page } from './page/Page.js';
import type { ReportContent } from './reportContent.js';

/** Beside the sources and beside their build alike. */
const STYLES = ['tokens', 'base', 'head', 'cards', 'charts', 'tables', 'pictures', 'closing'].map(
  (name) => new URL(`../../assets/report/${name}.css`, import.meta.url),
);

/** @param evidence what the study's weights and test samples show */
export async function renderPage(content: ReportContent, evidence: Evidence): Promise<string> {
  const look = lookOf(content.study.settings.pools);
  const figures = await drawFigures(content.study, evidence, look.colours);
  const style = STYLES.map((file) => readFileSync(file, 'utf8')).join('\n');
  const page = <Page content={content} figures={figures} look={look} style={style} />;
  return numberClips(`<!doctype html>\n${renderToStaticMarkup(page)}\n`);
}
