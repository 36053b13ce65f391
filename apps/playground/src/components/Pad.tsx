/**
 * @file Something that is operated by pointing into it and by the arrow keys.
 */
import type { ComponentChildren, JSX } from 'preact';

export interface PadProps {
  /** What a screen reader says; it should mention the arrow keys. */
  readonly label: string;
  /** Pressed or dragged to a point, in fractions of the pad. */
  readonly onPoint: (x: number, y: number) => void;
  /** Hovered over by a mouse. */
  readonly onHover?: (x: number, y: number) => void;
  readonly onLeave?: () => void;
  readonly onArrow: (dx: number, dy: number) => void;
  readonly class?: string;
  /** What is pointed into; it lies under the button, so that its text isn't the button's name. */
  readonly children: ComponentChildren;
}

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Pad({ label, onPoint, onHover, onLeave, onArrow, class: className, children }: PadProps): JSX.Element {
  const onPointer = (event: PointerEvent): void => {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    if (event.type === 'pointerdown' || event.buttons > 0) onPoint(x, y);
    else onHover?.(x, y);
  };
  const onKey = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    onArrow(...arrow);
  };
  return (
    <div class={`pad-frame ${className ?? ''}`}>
      {children}
      <button
        type="button"
        class="pad"
        aria-label={label}
        onKeyDown={onKey}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerLeave={onLeave}
      />
    </div>
  );
}
