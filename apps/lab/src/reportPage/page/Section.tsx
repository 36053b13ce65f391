/**
 * @file A part of the page with its heading, and the cards in it.
 */
import type { ComponentChildren } from 'preact';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly intro?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Section({ id, title, intro, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {intro ? <p class="intro">{intro}</p> : null}
      {children}
    </section>
  );
}

interface CardProps {
  readonly title?: ComponentChildren;
  readonly class?: string;
  readonly caption?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Card({ title, class: className = '', caption, children }: CardProps) {
  return (
    <figure class={`card ${className}`.trim()}>
      {title ? <h3>{title}</h3> : null}
      {children}
      {caption ? <figcaption>{caption}</figcaption> : null}
    </figure>
  );
}
