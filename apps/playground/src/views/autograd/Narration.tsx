/**
 * @file What happens in the present step, in words.
 */
import type { JSX } from 'preact';
import { formatNumber } from '../../compute/format.js';
import type { Messages } from '../../i18n/messages.js';
import { useStore } from '../../state/store.js';
import { type Trace, vertexNames } from './useTrace.js';

export function Narration({ trace }: { readonly trace: Trace }): JSX.Element {
  const { messages } = useStore();
  return (
    <p class="narration" aria-live="polite" data-narration>
      {narrate(trace, messages.value.autograd)}
    </p>
  );
}

function narrate({ vertices, now }: Trace, texts: Messages['autograd']): string {
  const { phase, active, gradients } = now;
  if (phase === 'start' || active === undefined) return texts.start;
  if (phase === 'seed') return texts.seed;
  const names = vertexNames(vertices);
  const vertex = vertices[active]!;
  if (phase === 'forward') {
    const inputs = vertex.inputs.map((input) => formatNumber(vertices[input]!.value)).join(', ');
    return texts.forward(names[active]!, inputs, formatNumber(vertex.value));
  }
  const arrived = gradients[active]!;
  const parts = vertex.inputs.map((input, k) => {
    const local = vertex.derivatives[k]!;
    return texts.part(names[input]!, formatNumber(arrived), bracketed(local), formatNumber(arrived * local));
  });
  return texts.backward(names[active]!, parts.join(', '));
}

function bracketed(value: number): string {
  return value < 0 ? `(${formatNumber(value)})` : formatNumber(value);
}
