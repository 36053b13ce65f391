/**
 * @file The formulas with the very numbers of the window in them.
 */
import type { ComponentChildren, JSX } from 'preact';
import { formatBeta, formatNumber } from '../../compute/format.js';
import { betaOf } from '../../compute/temperature.js';
import { useStore } from '../../state/store.js';
import type { HandWindow } from './useWindow.js';

interface ExplanationProps {
  readonly shown: HandWindow;
}

const short = (value: number): string => formatNumber(value, 2);
/** In brackets where a sign would stand beside an operator. */
const factor = (value: number): string => (value < 0 ? `(${short(value)})` : short(value));

export function Explanation({ shown }: ExplanationProps): JSX.Element {
  const { state, messages } = useStore();
  const texts = messages.value.window;
  const isSoft = state.value.pooling === 'soft' && state.value.temperature < 1;
  return (
    <div class="explanation">
      <Formula title={texts.outputTitle}>
        <OutputFormula shown={shown} />
      </Formula>
      {isSoft && (
        <Formula title={texts.weightTitle(shown.cell + 1)}>
          <WeightFormula shown={shown} />
        </Formula>
      )}
      <Formula title={texts.gradientTitle(shown.cell + 1)}>
        <GradientFormula shown={shown} />
      </Formula>
      {isSoft && <p class="hint">{texts.bookkeeping}</p>}
    </div>
  );
}

function Formula({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section class="formula">
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}

function OutputFormula({ shown }: ExplanationProps): JSX.Element {
  const { pooling, temperature } = useStore().state.value;
  const { inputs, weights, output } = shown.numbers;
  const result = <strong>{formatNumber(output, 3)}</strong>;
  if (pooling === 'avg') {
    return (
      <>
        <var>y</var> = ({inputs.map(factor).join(' + ')}) / {inputs.length} = {result}
      </>
    );
  }
  if (pooling === 'max' || temperature >= 1) {
    return (
      <>
        <var>y</var> = max({inputs.map(short).join(', ')}) = {result}
      </>
    );
  }
  return (
    <>
      <var>y</var> = Σ <var>w</var>
      <sub>i</sub>
      <var>x</var>
      <sub>i</sub> = {weights.map((weight, i) => `${short(weight)} · ${factor(inputs[i]!)}`).join(' + ')} = {result}
    </>
  );
}

/** w = exp(βx) / Σ exp(βx) */
function WeightFormula({ shown }: ExplanationProps): JSX.Element {
  const beta = betaOf(useStore().state.value.temperature);
  const { cell } = shown;
  const { inputs, weights } = shown.numbers;
  const power = (input: number): JSX.Element => (
    <>
      e
      <sup>
        {formatBeta(beta)} · {factor(input)}
      </sup>
    </>
  );
  return (
    <>
      <var>w</var>
      <sub>{cell + 1}</sub> = e<sup>βx</sup> / Σ e<sup>βx</sup> = {power(inputs[cell]!)} / (
      {inputs.map((input, i) => (
        <span key={`${i}:${input}`}>
          {i > 0 && ' + '}
          {power(input)}
        </span>
      ))}
      ) = <strong>{formatNumber(weights[cell]!, 3)}</strong>
    </>
  );
}

function GradientFormula({ shown }: ExplanationProps): JSX.Element {
  return (
    <>
      ∂<var>y</var>/∂<var>x</var>
      <sub>{shown.cell + 1}</sub> = <GradientTerms shown={shown} />
    </>
  );
}

function GradientTerms({ shown }: ExplanationProps): JSX.Element {
  const { state, messages } = useStore();
  const { pooling, temperature, rule } = state.value;
  const texts = messages.value.window;
  const { cell } = shown;
  const { inputs, gradient } = shown.numbers;
  const result = <strong data-cell-gradient>{formatNumber(gradient[cell]!, 3)}</strong>;
  if (pooling === 'max' || (pooling === 'soft' && temperature >= 1)) {
    return (
      <>
        {result}: {gradient[cell] === 1 ? texts.isLargest : texts.isNotLargest}
      </>
    );
  }
  if (pooling === 'avg') {
    return (
      <>
        1 / {inputs.length} = {result}
      </>
    );
  }
  if (rule === 'exact') return <ExactTerms shown={shown}>{result}</ExactTerms>;
  return (
    <>
      <var>w</var>
      <sub>{cell + 1}</sub> = {result}: {texts.constantWeights}
    </>
  );
}

/** w(1 + β(x − y)) */
function ExactTerms({ shown, children }: ExplanationProps & { readonly children: JSX.Element }): JSX.Element {
  const beta = formatBeta(betaOf(useStore().state.value.temperature));
  const { inputs, weights, output } = shown.numbers;
  const [weight, input] = [short(weights[shown.cell]!), short(inputs[shown.cell]!)];
  return (
    <>
      <var>w</var>(1 + β(<var>x</var> − <var>y</var>)) = {weight} · (1 + {beta} · ({input} − {factor(output)})) ={' '}
      {children}
    </>
  );
}
