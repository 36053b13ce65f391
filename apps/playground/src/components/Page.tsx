/**
 * @file The frame of a view: number, title and lead above, controls at the side, the stage, and what to notice below.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { VIEWS, type ViewName } from '../state/playgroundState.js';
import { useMessages } from '../state/store.js';
import { useMediaQuery } from './useMediaQuery.js';

export interface PageProps {
  readonly view: ViewName;
  readonly controls?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Page({ view, controls, children }: PageProps): JSX.Element {
  const { title, lead, notice } = useMessages().pages[view];
  return (
    <article class={`page page-${view}`}>
      <header class="page-head">
        <p class="page-number" aria-hidden="true">
          {VIEWS.indexOf(view) + 1}
        </p>
        <h1 id="page-title" tabIndex={-1}>
          {title}
        </h1>
        <p class="lead">{lead}</p>
      </header>
      {controls && <Controls>{controls}</Controls>}
      <div class="stage">{children}</div>
      {notice.length > 0 && <Notice points={notice} />}
    </article>
  );
}

/** Beside the stage where there is room, else a drawer at the foot of the screen. */
function Controls({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const { common } = useMessages();
  const isWide = useMediaQuery('(min-width: 60rem)');
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="controls"
      open={isWide || isOpen}
      onToggle={({ currentTarget: { open } }) => {
        if (!isWide) setOpen(open);
      }}
    >
      <summary>{common.controls}</summary>
      <div class="controls-body">{children}</div>
    </details>
  );
}

function Notice({ points }: { readonly points: readonly string[] }): JSX.Element {
  const { whatToNotice } = useMessages().common;
  return (
    <section class="notice">
      <h2>{whatToNotice}</h2>
      <ul>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}
