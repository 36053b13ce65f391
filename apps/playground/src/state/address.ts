/**
 * @file The state as the fragment of an address: `#window?picture=rings&temperature=0.8`. Initial values are left out.
 */
import type { Field } from './fields.js';
import { fields, type PlaygroundState } from './playgroundState.js';

const entries = Object.entries(fields) as [keyof PlaygroundState, Field<unknown>][];

/** The state with every field at its initial value. */
export const initialState = Object.fromEntries(
  entries.map(([name, { initial }]) => [name, initial]),
) as PlaygroundState;

/** The state that an address describes; what it doesn't say, or says wrongly, is initial. */
export function readAddress(fragment: string): PlaygroundState {
  const [view = '', query = ''] = fragment.replace(/^#/, '').split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('view', view);
  const state = { ...initialState };
  for (const [name, field] of entries) {
    const text = parameters.get(name);
    const value = text === null ? undefined : field.parse(text);
    if (value !== undefined) Object.assign(state, { [name]: value });
  }
  return state;
}

/** The shortest fragment that `readAddress` turns into `state`. */
export function writeAddress(state: PlaygroundState): string {
  const parameters = new URLSearchParams();
  for (const [name, field] of entries) {
    const text = field.format(state[name]);
    if (name !== 'view' && text !== field.format(field.initial)) parameters.set(name, text);
  }
  // Commas are fine in a fragment, and lists are easier to read with them.
  const query = parameters.toString().replaceAll('%2C', ',');
  return `#${state.view}${query === '' ? '' : `?${query}`}`;
}
