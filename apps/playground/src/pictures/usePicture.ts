/**
 * @file The picture that the state names.
 */
import { useMemo } from 'preact/hooks';
import type { PictureName } from '../state/playgroundState.js';
import { useStore } from '../state/store.js';
import { type BuiltInPicture, builtInPicture } from './builtInPictures.js';
import type { Picture } from './picture.js';

export interface ChosenPicture {
  /** What can be shown; the town where a picture of somebody's own is missing. */
  readonly name: PictureName;
  readonly picture: Picture;
  readonly isMissing: boolean;
}

export function usePicture(): ChosenPicture {
  const { state, ownPicture, paintings } = useStore();
  const { picture: name } = state.value;
  const own = ownPicture.value;
  return useMemo(() => {
    if (name === 'own' && own) return { name, picture: own, isMissing: false };
    const shown = name === 'own' ? 'city' : name;
    const picture = paintings.get(shown) ?? builtInPicture(shown);
    paintings.set(shown, picture);
    return { name: shown, picture, isMissing: name === 'own' };
  }, [name, own, paintings]);
}

/** A small copy, for choosing. */
export function thumbnail(name: BuiltInPicture): Picture {
  return builtInPicture(name, 48);
}
