/**
 * @file The whole page.
 */
import type { Figures } from '../figures/figures.js';
import type { ReportContent } from '../reportContent.js';
import { Closing } from './Closing.js';
import { Confusions } from './Confusions.js';
import { Costs } from './Costs.js';
import { Curves } from './Curves.js';
import { Header } from './Header.js';
import { Insides } from './Insides.js';
import type { Look } from './look.js';
import { Mistakes } from './Mistakes.js';
import { Results } from './Results.js';

/** The page may load nothing, from nowhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

interface PageProps {
  readonly content: ReportContent;
  readonly figures: Figures;
  readonly look: Look;
  readonly style: string;
}

export function Page({ content, figures, look, style }: PageProps) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <title>{`${content.title}: poolings compared`}</title>
        {/* Not as text, in which quotes would become entities. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <Header content={content} sections={sectionsOf(figures)} />
        <main>
          <Results content={content} look={look} />
          <Curves content={content} look={look} />
          <Costs content={content} look={look} />
          <Confusions content={content} look={look} />
          <Mistakes content={content} figures={figures} />
          <Insides content={content} figures={figures} look={look} />
          <Closing content={content} missing={figures.missing} />
        </main>
        <footer>softgrad {content.study.softgrad}</footer>
      </body>
    </html>
  );
}

/** The parts of the page in their order; some need weights or samples. */
function sectionsOf({ hardest, filters, layers, sample }: Figures): (readonly [id: string, title: string])[] {
  return [
    ['results', 'Results'],
    ['curves', 'Learning curves'],
    ['costs', 'Cost'],
    ['confusions', 'Confusions'],
    ...(hardest.length > 0 ? ([['mistakes', 'Mistakes']] as const) : []),
    ...(filters.length > 0 ? ([['filters', 'First filters']] as const) : []),
    ...(sample && layers.length > 0 ? ([['maps', 'Before and after']] as const) : []),
    ['limits', 'Limits'],
    ['repeat', 'Repeat it'],
  ];
}
