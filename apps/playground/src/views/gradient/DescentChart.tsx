/**
 * @file Descents along the different gradients, from the same start.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../components/LineChart.js';
import { descent, FLOWS } from '../../compute/gradientFlow.js';
import { betaOf } from '../../compute/temperature.js';
import { useStore } from '../../state/store.js';
import { flowColour } from './FlowMap.js';

export function DescentChart({ input }: { readonly input: readonly number[] }): JSX.Element {
  const { state, messages } = useStore();
  const { temperature, overlap, rate } = state.value;
  const texts = messages.value.gradient;
  const losses = useMemo(
    () => FLOWS.map((flow) => descent(input, flow, { beta: betaOf(temperature), overlap, rate })),
    [input, temperature, overlap, rate],
  );
  const lines = useMemo(
    () => FLOWS.map((flow, i) => ({ label: texts.flows[flow], colour: flowColour(flow), values: losses[i]! })),
    [losses, texts],
  );
  const steps = useMemo(() => losses[0]!.map((_, step) => step), [losses]);
  return (
    <section class="panel">
      <h2>{texts.fall}</h2>
      <p class="hint">{texts.fallLead}</p>
      <LineChart label={texts.lossLabel} x={steps} lines={lines} xLabel={texts.step} yLabel={texts.loss} digits={4} />
    </section>
  );
}
