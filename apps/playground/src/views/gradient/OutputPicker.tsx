/**
 * @file The input, in which an output's window is picked.
 */
import type { JSX } from 'preact';
import { Frame } from '../../components/Frame.js';
import { HeatGrid } from '../../components/HeatGrid.js';
import { Pad } from '../../components/Pad.js';
import { flowWindow, INPUT_SIDE, OUTPUT_SIDE } from '../../compute/gradientFlow.js';
import { useStore } from '../../state/store.js';

export function OutputPicker({ input }: { readonly input: readonly number[] }): JSX.Element {
  const { state, messages, update } = useStore();
  const { output, overlap, everyOutput } = state.value;
  const texts = messages.value.gradient;
  const [row, column] = [Math.floor(output / OUTPUT_SIDE), output % OUTPUT_SIDE];
  const within = (value: number): number => Math.min(OUTPUT_SIDE - 1, Math.max(0, value));
  const choose = (nextRow: number, nextColumn: number): void =>
    update({ output: within(nextRow) * OUTPUT_SIDE + within(nextColumn), everyOutput: false });
  const { kernel, stride, padding } = flowWindow(overlap);
  const region = { x: column * stride - padding, y: row * stride - padding, width: kernel, height: kernel };
  return (
    <figure class="card flow" data-flow="input">
      <figcaption>
        <h2>{texts.input}</h2>
        <span aria-live="polite">{everyOutput ? texts.allOutputs : texts.output(row + 1, column + 1)}</span>
      </figcaption>
      <Pad
        label={texts.inputLabel}
        onPoint={(x, y) => choose(Math.floor(y * OUTPUT_SIDE), Math.floor(x * OUTPUT_SIDE))}
        onArrow={(dx, dy) => choose(row + dy, column + dx)}
      >
        <HeatGrid values={input} columns={INPUT_SIDE} scale={4} label={texts.input} digits={1} />
        {!everyOutput && <Frame region={region} within={{ width: INPUT_SIDE, height: INPUT_SIDE }} />}
      </Pad>
      <p class="hint">{texts.pickHint}</p>
    </figure>
  );
}
