/**
 * @file The user's own picture: a file, something dropped or pasted anywhere, or the camera.
 */
import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { readPicture } from '../../pictures/readPicture.js';
import { useStore } from '../../state/store.js';
import { Camera } from './Camera.js';

export function BringPicture(): JSX.Element {
  const { look } = useStore().messages.value;
  const { take, failed } = useTakePicture();
  const [isCameraOn, setCameraOn] = useState(false);
  const id = useId();
  useDropAndPaste(take);
  return (
    <div class="control bring">
      <p class="label" id={`${id}-label`}>
        {look.bring}
      </p>
      <div class="buttons">
        <label class="button">
          <input
            type="file"
            accept="image/*"
            onChange={({ currentTarget: { files } }) => {
              if (files?.[0]) take(files[0]);
            }}
          />
          {look.openFile}
        </label>
        {navigator.mediaDevices && (
          <button type="button" onClick={() => setCameraOn(!isCameraOn)}>
            {isCameraOn ? look.closeCamera : look.camera}
          </button>
        )}
      </div>
      {isCameraOn && <Camera onClose={() => setCameraOn(false)} />}
      <p class="hint">{look.bringHint}</p>
      <p class="warning" role="status">
        {failed ? look.notAPicture : ''}
      </p>
    </div>
  );
}

function useTakePicture(): { take: (file: Blob) => void; failed: boolean } {
  const { ownPicture, update } = useStore();
  const [failed, setFailed] = useState(false);
  const take = (file: Blob): void => {
    readPicture(file).then(
      (picture) => {
        ownPicture.value = picture;
        setFailed(false);
        update({ picture: 'own', values: [], row: 0, column: 0 });
      },
      () => setFailed(true),
    );
  };
  return { take, failed };
}

function useDropAndPaste(take: (file: Blob) => void): void {
  useEffect(() => {
    const takeFrom = (transfer: DataTransfer | null): boolean => {
      const file = [...(transfer?.files ?? [])][0];
      if (file) take(file);
      return file !== undefined;
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      takeFrom(event.dataTransfer);
    };
    const onDragOver = (event: DragEvent): void => event.preventDefault();
    const onPaste = (event: ClipboardEvent): void => {
      if (takeFrom(event.clipboardData)) event.preventDefault();
    };
    addEventListener('drop', onDrop);
    addEventListener('dragover', onDragOver);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('drop', onDrop);
      removeEventListener('dragover', onDragOver);
      removeEventListener('paste', onPaste);
    };
  });
}
