/**
 * @file How much of the gradient each input receives, for one kind of pooling.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { HeatGrid } from '../../components/HeatGrid.js';
import { poolColour } from '../../components/poolAppearance.js';
import { formatNumber } from '../../compute/format.js';
import { type Flow, gradientFlow, INPUT_SIDE } from '../../compute/gradientFlow.js';
import { betaOf } from '../../compute/temperature.js';
import { useStore } from '../../state/store.js';

export function flowColour(flow: Flow): string {
  return flow === 'detached' ? 'var(--pool-1)' : poolColour(flow);
}

export interface FlowMapProps {
  readonly flow: Flow;
  readonly input: readonly number[];
}

export function FlowMap({ flow, input }: FlowMapProps): JSX.Element {
  const { state, messages } = useStore();
  const { temperature, overlap, output, everyOutput } = state.value;
  const texts = messages.value.gradient;
  const gradient = useMemo(
    () => gradientFlow(input, flow, { beta: betaOf(temperature), overlap }, everyOutput ? undefined : output),
    [input, flow, temperature, overlap, output, everyOutput],
  );
  return (
    <figure class="card flow" style={{ '--option': flowColour(flow) }} data-flow={flow}>
      <figcaption>
        <h2>{texts.flows[flow]}</h2>
      </figcaption>
      <HeatGrid values={gradient} columns={INPUT_SIDE} scale={1} label={texts.mapLabel(texts.flows[flow])} />
      <Facts gradient={gradient} />
    </figure>
  );
}

function Facts({ gradient }: { readonly gradient: readonly number[] }): JSX.Element {
  const texts = useStore().messages.value.gradient;
  const facts = [
    ['reached', gradient.filter((value) => value !== 0).length],
    ['negative', gradient.filter((value) => value < 0).length],
    ['largest', formatNumber(Math.max(...gradient), 2)],
    [
      'total',
      formatNumber(
        gradient.reduce((sum, value) => sum + value, 0),
        2,
      ),
    ],
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name} data-fact={name}>
          <dt>{texts[name]}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
