/**
 * @file The whole page.
 */
import type { ReportContent } from '../reportContent.js';
import { Closing } from './Closing.js';
import { Costs } from './Costs.js';
import { Curves } from './Curves.js';
import { Header } from './Header.js';
import { lookOf } from './look.js';
import { Results } from './Results.js';

/** The page may load nothing, from nowhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

interface PageProps {
  readonly content: ReportContent;
  readonly style: string;
}

export function Page({ content, style }: PageProps) {
  const look = lookOf(content.study.settings.pools);
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
        <Header content={content} />
        <main>
          <Results content={content} look={look} />
          <Curves content={content} look={look} />
          <Costs content={content} look={look} />
          <Closing content={content} />
        </main>
        <footer>softgrad {content.study.softgrad}</footer>
      </body>
    </html>
  );
}
