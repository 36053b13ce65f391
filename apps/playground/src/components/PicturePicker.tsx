/**
 * @file The built-in pictures, and the user's own where there is one, as small pictures to choose from.
 */
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { BuiltInPicture } from '../pictures/builtInPictures.js';
import type { Picture } from '../pictures/picture.js';
import { thumbnail, usePicture } from '../pictures/usePicture.js';
import { PICTURES, type PictureName } from '../state/playgroundState.js';
import { useStore } from '../state/store.js';
import { PixelCanvas } from './PixelCanvas.js';

export function PicturePicker(): JSX.Element {
  const { messages, ownPicture } = useStore();
  const { common, look } = messages.value;
  const { isMissing } = usePicture();
  const group = useId();
  const builtIn = PICTURES.filter((name): name is BuiltInPicture => name !== 'own');
  const thumbnails = useMemo(() => builtIn.map((name) => ({ name, picture: thumbnail(name) })), []);
  return (
    <fieldset class="control picture-picker">
      <legend>{common.picture}</legend>
      <div class="thumbnails">
        {thumbnails.map(({ name, picture }) => (
          <Thumbnail key={name} group={group} name={name} picture={picture} />
        ))}
        {ownPicture.value && <Thumbnail group={group} name="own" picture={ownPicture.value} />}
      </div>
      {isMissing && <p class="warning">{look.ownMissing}</p>}
    </fieldset>
  );
}

interface ThumbnailProps {
  readonly group: string;
  readonly name: PictureName;
  readonly picture: Picture;
}

function Thumbnail({ group, name, picture }: ThumbnailProps): JSX.Element {
  const { state, messages, update } = useStore();
  const label = messages.value.common.pictures[name];
  return (
    <label title={label}>
      <input
        type="radio"
        name={group}
        value={name}
        checked={state.value.picture === name}
        // Another picture is another window: values set by hand belong to the old one.
        onChange={() => update({ picture: name, values: [] })}
      />
      <PixelCanvas picture={picture} label="" />
      <span>{label}</span>
    </label>
  );
}
