/**
 * @file The window's output against the temperature, and the weights at the present one.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Bar } from '../../components/Bar.js';
import { LineChart } from '../../components/LineChart.js';
import { formatBeta, formatNumber } from '../../compute/format.js';
import { betaOf } from '../../compute/temperature.js';
import { temperatureCurve } from '../../compute/temperatureCurve.js';
import { windowInputs, windowNumbers } from '../../compute/windowNumbers.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';

export function CurvePanel(): JSX.Element {
  const { temperature: texts } = useStore().messages.value;
  const inputs = useInputs();
  return (
    <section class="panel">
      <h2>{texts.curve}</h2>
      <div class="curve-layout">
        <Curve inputs={inputs} />
        <Weights inputs={inputs} />
      </div>
    </section>
  );
}

/** The inputs of the window that the second view shows. */
function useInputs(): readonly number[] {
  const { values, windowSize, row, column } = useStore().state.value;
  const { picture } = usePicture();
  return useMemo(
    () => (values.length === windowSize ** 2 ? values : windowInputs(picture, { row, column }, windowSize)),
    [values, windowSize, picture, row, column],
  );
}

interface InputsProps {
  readonly inputs: readonly number[];
}

function Curve({ inputs }: InputsProps): JSX.Element {
  const { state, messages } = useStore();
  const { temperature: texts, common } = messages.value;
  const curve = useMemo(() => temperatureCurve(inputs), [inputs]);
  const lines = useMemo(() => {
    const flat = (value: number): number[] => curve.temperatures.map(() => value);
    return [
      { label: texts.maximum, colour: 'var(--pool-max)', values: flat(curve.maximum), isDashed: true },
      { label: texts.average, colour: 'var(--pool-avg)', values: flat(curve.average), isDashed: true },
      { label: common.pools.soft ?? 'soft', colour: 'var(--pool-soft)', values: curve.outputs },
    ];
  }, [curve, texts, common]);
  return (
    <LineChart
      label={texts.curveLabel}
      x={curve.temperatures}
      lines={lines}
      xLabel="β"
      yLabel={texts.output}
      xFormat={(temperature) => formatBeta(betaOf(temperature))}
      mark={state.value.temperature}
    />
  );
}

function Weights({ inputs }: InputsProps): JSX.Element {
  const { state, messages } = useStore();
  const texts = messages.value.temperature;
  const beta = betaOf(state.value.temperature);
  const { weights, output } = windowNumbers(inputs, { pooling: 'soft', beta, rule: 'exact' });
  return (
    <div class="weights">
      <h3>{texts.atBeta(formatBeta(beta))}</h3>
      <dl>
        {inputs.map((input, i) => (
          <div key={`weight ${i}`}>
            <dt>{texts.input(formatNumber(input, 2))}</dt>
            <dd>
              <Bar value={weights[i]!} scale={1} fromLeft />
            </dd>
          </div>
        ))}
        <div>
          <dt>{texts.output}</dt>
          <dd>
            <strong data-output>{formatNumber(output, 3)}</strong>
          </dd>
        </div>
      </dl>
    </div>
  );
}
