/**
 * @file The picture, in which a window is picked.
 */
import type { JSX } from 'preact';
import { Frame } from '../../components/Frame.js';
import { Pad } from '../../components/Pad.js';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { insideCorner } from '../../compute/windowNumbers.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';
import type { Corner } from './useWindow.js';

export interface WindowPickerProps {
  readonly corner: Corner;
  readonly onHover: (corner: Corner | undefined) => void;
}

/** Cells around the window that the enlargement shows. */
const MARGIN = 7;

export function WindowPicker({ corner, onHover }: WindowPickerProps): JSX.Element {
  const { state, messages, update } = useStore();
  const { picture } = usePicture();
  const { windowSize: side, row, column, values } = state.value;
  const texts = messages.value.window;
  const at = (x: number, y: number): Corner => {
    const wanted = { row: Math.floor(y * picture.height - side / 2), column: Math.floor(x * picture.width - side / 2) };
    return insideCorner(picture, wanted, side);
  };
  const pick = (next: Corner): void => {
    onHover(undefined);
    update({ ...insideCorner(picture, next, side), values: [] });
  };
  const inside = insideCorner(picture, corner, side);
  const region = { x: inside.column, y: inside.row, width: side, height: side };
  return (
    <div class="window-picker">
      <Pad
        label={texts.pick}
        onPoint={(x, y) => pick(at(x, y))}
        // Values set by hand belong to no place; they stay until another window is picked.
        onHover={(x, y) => values.length === 0 && onHover(at(x, y))}
        onLeave={() => onHover(undefined)}
        onArrow={(dx, dy) => pick({ row: row + dy, column: column + dx })}
      >
        <PixelCanvas picture={picture} label={texts.pick} />
        <Frame region={region} within={picture} />
      </Pad>
      <Neighbourhood corner={inside} />
      <p class="hint">{texts.pickHint}</p>
    </div>
  );
}

/** The window and what lies around it, enlarged. */
function Neighbourhood({ corner }: { readonly corner: Corner }): JSX.Element {
  const { picture } = usePicture();
  const { windowSize: side } = useStore().state.value;
  const extent = Math.min(side + 2 * MARGIN, picture.width, picture.height);
  const { row, column } = insideCorner(picture, { row: corner.row - MARGIN, column: corner.column - MARGIN }, extent);
  const region = { x: column, y: row, width: extent, height: extent };
  return (
    <div class="neighbourhood" aria-hidden="true">
      <PixelCanvas picture={picture} region={region} label="" />
      <Frame
        region={{ x: corner.column - column, y: corner.row - row, width: side, height: side }}
        within={{ width: extent, height: extent }}
      />
    </div>
  );
}
