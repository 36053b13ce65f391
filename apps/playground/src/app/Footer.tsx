/**
 * @file What this browser offers, and where the page's state is.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useMessages } from '../state/store.js';
import { reloadWouldIsolate } from './isolation.js';

export function Footer(): JSX.Element {
  const { common } = useMessages();
  return (
    <footer class="colophon">
      <p>{common.footer}</p>
      <Capabilities />
    </footer>
  );
}

/** What networks can be trained with here, and what is missing. */
function Capabilities(): JSX.Element {
  const { capabilities: texts } = useMessages().common;
  const [canReload, setCanReload] = useState(false);
  const hasWebgpu = useWebgpu();
  useEffect(() => {
    void reloadWouldIsolate().then(setCanReload);
  }, []);
  return (
    <ul class="capabilities">
      <li>
        {crossOriginIsolated ? texts.threads(Math.min(navigator.hardwareConcurrency, 8)) : texts.noThreads}
        {canReload && (
          <button type="button" class="quiet" onClick={() => location.reload()}>
            {texts.reload}
          </button>
        )}
      </li>
      {hasWebgpu !== undefined && <li>{hasWebgpu ? texts.webgpu : texts.noWebgpu}</li>}
    </ul>
  );
}

/** The part of WebGPU's interface that tells whether there is an adapter; the DOM's types don't have it yet. */
interface Gpu {
  requestAdapter(): Promise<object | null>;
}

/** Undefined until the browser has answered. */
function useWebgpu(): boolean | undefined {
  const [has, setHas] = useState<boolean>();
  useEffect(() => {
    const { gpu } = navigator as Navigator & { readonly gpu?: Gpu };
    if (!gpu) setHas(false);
    gpu?.requestAdapter().then(
      (adapter) => setHas(adapter !== null),
      () => setHas(false),
    );
  }, []);
  return has;
}
