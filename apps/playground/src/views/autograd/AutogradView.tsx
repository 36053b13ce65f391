/**
 * @file Sixth view: the graph of an expression, step by step.
 */
import type { JSX } from 'preact';
import { Choice } from '../../components/Choice.js';
import { Page } from '../../components/Page.js';
import { Slider } from '../../components/Slider.js';
import { formatNumber } from '../../compute/format.js';
import { EXPRESSIONS } from '../../state/playgroundState.js';
import { useStore } from '../../state/store.js';
import { GraphDrawing } from './GraphDrawing.js';
import { Narration } from './Narration.js';
import { StepControls } from './StepControls.js';
import { useTrace } from './useTrace.js';

export function AutogradView(): JSX.Element {
  const trace = useTrace();
  return (
    <Page view="autograd" controls={<Controls />}>
      <p class="expression">{trace.expression.formula}</p>
      <StepControls last={trace.last} step={trace.step} />
      <Narration trace={trace} />
      <GraphDrawing trace={trace} />
    </Page>
  );
}

function Controls(): JSX.Element {
  const { state, messages, update } = useStore();
  const texts = messages.value.autograd;
  const { expression, values } = useTrace();
  return (
    <>
      <Choice
        label={texts.expression}
        value={state.value.expression}
        options={EXPRESSIONS.map((value) => ({ value, label: texts.expressions[value] }))}
        onChange={(next) => update({ expression: next, leaves: [], step: 0 })}
      />
      {expression.leaves.map(({ name }, i) => (
        <Slider
          key={name}
          label={texts.leaf(name)}
          value={values[i]!}
          min={-3}
          max={3}
          step={0.1}
          text={formatNumber(values[i]!, 1)}
          onChange={(value) => update({ leaves: values.map((old, k) => (k === i ? value : old)) })}
        />
      ))}
    </>
  );
}
