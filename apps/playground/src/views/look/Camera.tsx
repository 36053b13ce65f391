/**
 * @file A photo from the camera.
 */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { drawnPicture } from '../../pictures/readPicture.js';
import { useStore } from '../../state/store.js';

export function Camera({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { messages, ownPicture, update } = useStore();
  const { look } = messages.value;
  const video = useRef<HTMLVideoElement>(null);
  const failure = useCamera(video);
  const takePhoto = (): void => {
    const { current } = video;
    if (!current || current.videoWidth === 0) return;
    ownPicture.value = drawnPicture(current, current.videoWidth, current.videoHeight);
    update({ picture: 'own', values: [], row: 0, column: 0 });
    onClose();
  };
  if (failure !== undefined) return <p class="warning">{look.cameraFailed(failure)}</p>;
  return (
    <div class="camera">
      <video ref={video} aria-label={look.cameraLabel} autoplay muted playsInline />
      <button type="button" class="primary" onClick={takePhoto}>
        {look.takePhoto}
      </button>
    </div>
  );
}

/** Shows the camera in `video` while the component lives; returns why it can't, if so. */
function useCamera(video: { readonly current: HTMLVideoElement | null }): string | undefined {
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    let stream: MediaStream | undefined;
    let isGone = false;
    const stop = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).then(
      (opened) => {
        stream = opened;
        if (isGone) stop();
        else if (video.current) video.current.srcObject = opened;
      },
      (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isGone = true;
      stop();
    };
  }, [video]);
  return failure;
}
