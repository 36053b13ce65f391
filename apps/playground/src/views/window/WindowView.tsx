/**
 * @file Second view: one window, by hand.
 */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Choice } from '../../components/Choice.js';
import { Page } from '../../components/Page.js';
import { PicturePicker } from '../../components/PicturePicker.js';
import { SoftPoolControls } from '../../components/SoftPoolControls.js';
import { useStore } from '../../state/store.js';
import { Explanation } from './Explanation.js';
import { type Corner, useWindow } from './useWindow.js';
import { WindowPicker } from './WindowPicker.js';
import { WindowTable } from './WindowTable.js';

export function WindowView(): JSX.Element {
  const { row, column } = useStore().state.value;
  const [hovered, setHovered] = useState<Corner>();
  const shown = useWindow(hovered ?? { row, column });
  return (
    <Page view="window" controls={<Controls />}>
      <div class="window-layout">
        <WindowPicker corner={hovered ?? { row, column }} onHover={setHovered} />
        <div class="window-numbers">
          <WindowTable shown={shown} />
        </div>
      </div>
      <Explanation shown={shown} />
    </Page>
  );
}

function Controls(): JSX.Element {
  const { state, messages, update } = useStore();
  const sizes = (['2', '3', '4'] as const).map((value) => ({ value, label: `${value} × ${value}` }));
  return (
    <>
      <PicturePicker />
      <Choice
        label={messages.value.window.size}
        options={sizes}
        value={sizes.find(({ value }) => Number(value) === state.value.windowSize)?.value ?? '2'}
        onChange={(size) => update({ windowSize: Number(size), values: [], cell: 0 })}
      />
      <SoftPoolControls />
    </>
  );
}
