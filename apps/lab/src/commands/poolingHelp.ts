/**
 * @file The pooling strategies, as help texts list them.
 */
import * as nn from 'softgrad/nn';

/** A heading and one line per strategy: name, formula, paper. */
export function poolingHelp(): string {
  const strategies = nn.poolStrategies();
  const names = Math.max(...strategies.map(({ name }) => name.length));
  const formulas = Math.max(...strategies.map(({ formula = '' }) => width(formula)));
  const lines = strategies.map(({ name, summary, formula = summary, source = '' }) => {
    const gap = ' '.repeat(Math.max(0, formulas - width(formula)));
    return `  ${name.padEnd(names)}  ${formula}${gap}  ${source}`.trimEnd();
  });
  return `Poolings of a window R with values xᵢ and mean x̄ (docs/pooling.md tells more):\n${lines.join('\n')}`;
}

/** Columns on a terminal: the bar of x̄ takes none. */
function width(text: string): number {
  return text.replace(/\p{Mark}/gu, '').length;
}
