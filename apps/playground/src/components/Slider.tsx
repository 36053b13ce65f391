/**
 * @file A labelled slider whose value is said in words.
 */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** The value as it is shown and read aloud. Default: the number. */
  readonly text?: string | undefined;
  readonly onChange: (value: number) => void;
  readonly children?: JSX.Element | undefined;
}

export function Slider({ label, value, min, max, step = 1, text, onChange, children }: SliderProps): JSX.Element {
  const id = useId();
  return (
    <div class="control slider">
      <label for={id}>{label}</label>
      <output for={id}>{text ?? value}</output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      {children}
    </div>
  );
}
