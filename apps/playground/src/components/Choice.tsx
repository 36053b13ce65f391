/**
 * @file One of a few, or some of a few, side by side: radio buttons or check boxes that look like a switch.
 */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A colour that stands for the option elsewhere. */
  readonly colour?: string | undefined;
  readonly title?: string | undefined;
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** Exactly one of the options. */
export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>): JSX.Element {
  const name = useId();
  return (
    <fieldset class="control choice">
      <legend>{label}</legend>
      <div class="options">
        {options.map((option) => (
          <label key={option.value} title={option.title} style={{ '--option': option.colour }}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export interface SeveralProps<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly values: readonly T[];
  readonly onChange: (values: readonly T[]) => void;
}

/** Any of the options; at least one value stays chosen, here or in another part of the same choice. */
export function Several<T extends string>({ label, options, values, onChange }: SeveralProps<T>): JSX.Element {
  const toggle = (value: T): void =>
    onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  return (
    <fieldset class="control choice">
      <legend>{label}</legend>
      <div class="options">
        {options.map((option) => (
          <label key={option.value} title={option.title} style={{ '--option': option.colour }}>
            <input
              type="checkbox"
              value={option.value}
              checked={values.includes(option.value)}
              disabled={values.length === 1 && values[0] === option.value}
              onChange={() => toggle(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
