/**
 * @file The window as a table: inputs that can be dragged, weights, products, gradients.
 */
import type { JSX } from 'preact';
import { Bar } from '../../components/Bar.js';
import { formatNumber } from '../../compute/format.js';
import { useStore } from '../../state/store.js';
import type { HandWindow } from './useWindow.js';

export function WindowTable({ shown }: { readonly shown: HandWindow }): JSX.Element {
  const texts = useStore().messages.value.window;
  const { inputs } = shown.numbers;
  return (
    <>
      <table class="window-table">
        <caption class="visually-hidden">{texts.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.cell}</th>
            <th scope="col">{texts.input}</th>
            <th scope="col">{texts.weight}</th>
            <th scope="col">{texts.product}</th>
            <th scope="col">{texts.gradient}</th>
          </tr>
        </thead>
        <tbody>
          {inputs.map((_, cell) => (
            <Row key={`cell ${cell}`} cell={cell} shown={shown} />
          ))}
        </tbody>
        <Sums shown={shown} />
      </table>
      {shown.isByHand && <ByHand />}
    </>
  );
}

function Row({ cell, shown }: { readonly cell: number; readonly shown: HandWindow }): JSX.Element {
  const { update, messages } = useStore();
  const texts = messages.value.window;
  const { weights, products, gradient } = shown.numbers;
  const isChosen = cell === shown.cell;
  return (
    <tr class={isChosen ? 'chosen' : undefined} data-cell={cell}>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} onClick={() => update({ cell })}>
          <span class="visually-hidden">{texts.select(cell + 1)}: </span>x<sub>{cell + 1}</sub>
        </button>
      </th>
      <Input cell={cell} shown={shown} />
      <td>
        <Bar value={weights[cell]!} scale={1} fromLeft />
      </td>
      <td>
        <Bar value={products[cell]!} scale={4} />
      </td>
      <td>
        <Bar value={gradient[cell]!} scale={1.5} />
      </td>
    </tr>
  );
}

/** An input that can be dragged. */
function Input({ cell, shown }: { readonly cell: number; readonly shown: HandWindow }): JSX.Element {
  const { update, messages } = useStore();
  const { inputs } = shown.numbers;
  const change = (value: number): void =>
    update({ values: inputs.map((input, i) => (i === cell ? value : input)), cell });
  return (
    <td class="input">
      <span class="bar-number">{formatNumber(inputs[cell]!, 2)}</span>
      <input
        type="range"
        min={-4}
        max={6}
        step={0.01}
        value={inputs[cell]}
        aria-label={messages.value.window.inputOf(cell + 1)}
        onInput={({ currentTarget }) => change(currentTarget.valueAsNumber)}
      />
    </td>
  );
}

function Sums({ shown }: { readonly shown: HandWindow }): JSX.Element {
  const texts = useStore().messages.value.window;
  const { weights, output, gradient } = shown.numbers;
  const total = (values: readonly number[]): string =>
    formatNumber(
      values.reduce((sum, value) => sum + value, 0),
      3,
    );
  return (
    <tfoot>
      <tr>
        <th scope="row">{texts.sum}</th>
        <td />
        <td>{total(weights)}</td>
        <td class="output-cell">
          <strong data-output>{formatNumber(output, 3)}</strong>
        </td>
        <td>{total(gradient)}</td>
      </tr>
    </tfoot>
  );
}

function ByHand(): JSX.Element {
  const { messages, update } = useStore();
  const texts = messages.value.window;
  return (
    <p class="hint">
      {texts.byHand}
      <button type="button" class="quiet" onClick={() => update({ values: [] })}>
        {texts.backToPicture}
      </button>
    </p>
  );
}
