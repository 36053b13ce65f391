/**
 * @file A card for each pooling: the first few, and the others behind a line that unfolds them.
 */
import type { VNode } from 'preact';

interface FoldedProps {
  readonly items: readonly VNode[];
  /** How many are seen at once. */
  readonly shown: number;
  /** Whether they may become wider or narrower than a third of the page: pictures may, charts with text not. */
  readonly scalable: boolean;
}

export function Folded({ items, shown, scalable }: FoldedProps) {
  const [first, rest] = [items.slice(0, shown), items.slice(shown)];
  const gridFor = (count: number): string => (scalable && (count === 2 || count === 4) ? `grid-${count}` : 'grid-3');
  return (
    <>
      <div class={gridFor(first.length)}>{first}</div>
      {rest.length > 0 ? (
        <details>
          <summary>
            {rest.length} more {rest.length === 1 ? 'pooling' : 'poolings'}
          </summary>
          <div class={gridFor(rest.length)}>{rest}</div>
        </details>
      ) : null}
    </>
  );
}
