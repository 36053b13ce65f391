/**
 * @file `report.html`: one file that loads nothing and runs nothing.
 */
import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { Page } from './page/Page.js';
import type { ReportContent } from './reportContent.js';

/** Beside the sources and beside their build alike. */
const STYLE = new URL('../../assets/report.css', import.meta.url);

export function renderPage(content: ReportContent): string {
  const style = readFileSync(STYLE, 'utf8');
  return `<!doctype html>\n${renderToStaticMarkup(<Page content={content} style={style} />)}\n`;
}
