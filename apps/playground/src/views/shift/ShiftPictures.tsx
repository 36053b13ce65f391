/**
 * @file The moving picture and what each pooling makes of it.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Frame } from '../../components/Frame.js';
import { Pad } from '../../components/Pad.js';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { poolColour, poolName } from '../../components/poolAppearance.js';
import { usePoolSettings } from '../../components/useSettings.js';
import { shiftedView, VIEW_SIDE } from '../../compute/shiftTest.js';
import { brightness, type Picture } from '../../pictures/picture.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';
import type { ShiftTest } from './useShiftTest.js';

interface TestProps {
  readonly test: ShiftTest;
}

export function ShiftPictures({ test }: TestProps): JSX.Element {
  const { state, messages } = useStore();
  const { shift: texts } = messages.value;
  const { shift } = state.value;
  const cell = { x: test.column, y: test.row, width: 1, height: 1 };
  return (
    <div class="gallery">
      <Input test={test} />
      {test.pools.map(({ name, shifts }) => (
        <figure key={name} class="card" style={{ '--option': poolColour(name) }} data-pool={name}>
          <figcaption>
            <h2>{poolName(name, messages.value)}</h2>
          </figcaption>
          <div class="framed">
            <PixelCanvas
              picture={grey(shifts[shift]!.values, test.side)}
              label={texts.pooled(poolName(name, messages.value))}
            />
            <Frame region={cell} within={{ width: test.side, height: test.side }} />
          </div>
        </figure>
      ))}
    </div>
  );
}

function Input({ test: { side, row, column } }: TestProps): JSX.Element {
  const { state, messages, update } = useStore();
  const { shift: texts } = messages.value;
  const { picture } = usePicture();
  const { shift } = state.value;
  const { kernel, stride, padding } = usePoolSettings();
  const view = useMemo(() => grey(shiftedView(picture, shift), VIEW_SIDE), [picture, shift]);
  const choose = (x: number, y: number): void =>
    update({ lensX: Math.min(0.999, Math.max(0, x)), lensY: Math.min(0.999, Math.max(0, y)) });
  const region = { x: column * stride - padding, y: row * stride - padding, width: kernel, height: kernel };
  return (
    <figure class="card">
      <figcaption>
        <h2>{texts.input}</h2>
        <span>{texts.pixels(shift)}</span>
      </figcaption>
      <Pad
        label={texts.inputLabel}
        onPoint={choose}
        onArrow={(dx, dy) => choose((column + dx + 0.5) / side, (row + dy + 0.5) / side)}
      >
        <PixelCanvas picture={view} label={texts.inputLabel} />
        <Frame region={region} within={{ width: VIEW_SIDE, height: VIEW_SIDE }} />
      </Pad>
    </figure>
  );
}

/** Activations as a grey picture. */
function grey(values: ArrayLike<number>, side: number): Picture {
  const plane = Float32Array.from(values, (value) => Math.min(1, Math.max(0, brightness(value))));
  const planes = new Float32Array(3 * plane.length);
  for (let channel = 0; channel < 3; channel++) planes.set(plane, channel * plane.length);
  return { width: side, height: side, planes };
}
