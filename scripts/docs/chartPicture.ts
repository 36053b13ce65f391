/**
 * @file A chart of the report as a picture of its own, for pages that don't have the report's style.
 */
import { readFileSync } from 'node:fs';
import { numberClips } from '../../apps/lab/src/reportPage/charts/numberClips.js';

/** What colours and fonts are called, and how charts use them; the same files style report.html. */
const STYLE = ['tokens', 'charts']
  .map((name) => readFileSync(new URL(`../../apps/lab/assets/report/${name}.css`, import.meta.url), 'utf8'))
  .join('\n');

/**
 * The text of an SVG file. It follows the system between light and dark, on a ground of its own.
 *
 * @param chart an SVG element, as drawChart makes it
 */
export function chartPicture(chart: string): string {
  const ground = '<rect width="100%" height="100%" fill="var(--surface)"/>';
  const [start, ...rest] = numberClips(chart).split('>');
  const root = start?.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  return `${root}><style>\n${STYLE}</style>${ground}${rest.join('>')}\n`;
}
