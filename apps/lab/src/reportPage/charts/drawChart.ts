/**
 * @file Charts by Observable Plot as texts of SVG, drawn once, here: the page has no script. Colours are CSS variables of the page.
 */
import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Of ticks and labels, in CSS pixels at the width that a chart is drawn for. */
export const FONT_SIZE = 11;
/** Average width of a character at that size: no fonts can be measured here. */
export const CHARACTER_WIDTH = 6.1;

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/**
 * The SVG element of a chart.
 *
 * @param label what it shows, for people who can't see it
 */
export function drawChart(label: string, options: PlotOptions): string {
  const chart = plot({ ...options, document, className: 'chart', style: { fontSize: `${FONT_SIZE}px` } });
  // The page styles all charts at once.
  chart.querySelector('style')?.remove();
  chart.removeAttribute('font-family');
  nameParts(chart);
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', label);
  return compact(chart.outerHTML);
}

/** Plot names the parts of a chart for screen readers, which don't look into a picture; the page needs some of them for its style. */
function nameParts(chart: Element): void {
  for (const part of chart.querySelectorAll('[aria-label]')) {
    if (part.getAttribute('aria-label')?.endsWith('tick label')) part.setAttribute('class', 'tick-label');
    part.removeAttribute('aria-label');
  }
}

/** How wide a text is, near enough to keep room for it. */
export function textWidth(text: string): number {
  return text.length * CHARACTER_WIDTH;
}

/** The same for a bold one, in which names stand beside their points. */
export function boldWidth(text: string): number {
  return textWidth(text) * 1.14;
}

/** In places and lengths a hundredth of a pixel is enough. */
function compact(svg: string): string {
  const rounded = (digits: string): string => String(Number(Number(digits).toFixed(2)));
  return svg.replace(/ (d|transform|x[12]?|y[12]?|c[xy]|width|height|points)="[^"]*"/g, (attribute) =>
    attribute.replace(/\d+\.\d{3,}/g, rounded),
  );
}
