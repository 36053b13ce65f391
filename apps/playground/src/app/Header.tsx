/**
 * @file Name, navigation, language and colours.
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { writeAddress } from '../state/address.js';
import { VIEWS, type ViewName } from '../state/playgroundState.js';
import { useStore } from '../state/store.js';

export function Header(): JSX.Element {
  const { common } = useStore().messages.value;
  return (
    <header class="masthead">
      <p class="brand">
        <BrandMark />
        <span>
          <strong>{common.brand}</strong> <small>{common.tagline}</small>
        </span>
      </p>
      <Settings />
      <Navigation />
    </header>
  );
}

function BrandMark(): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="26" height="26" aria-hidden="true">
      <path fill="var(--pool-soft)" d="M1 1h6v6H1z" />
      <path fill="var(--pool-max)" opacity=".75" d="M9 1h6v6H9z" />
      <path fill="var(--pool-avg)" opacity=".75" d="M1 9h6v6H1z" />
      <path fill="var(--ink-soft)" opacity=".5" d="M9 9h6v6H9z" />
    </svg>
  );
}

function Settings(): JSX.Element {
  const { state, language, messages, update } = useStore();
  const { common } = messages.value;
  const themes = ['auto', 'light', 'dark'] as const;
  return (
    <div class="settings">
      <select
        aria-label={common.theme}
        value={state.value.theme}
        onChange={(event) => update({ theme: themes.find((theme) => theme === event.currentTarget.value) ?? 'auto' })}
      >
        {themes.map((theme) => (
          <option key={theme} value={theme}>
            {common.themes[theme]}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="quiet"
        lang={language.value === 'zh' ? 'en' : 'zh-Hans'}
        onClick={() => update({ language: language.value === 'zh' ? 'en' : 'zh' })}
      >
        {language.value === 'zh' ? 'English' : '中文'}
      </button>
    </div>
  );
}

function Navigation(): JSX.Element {
  const { state, messages } = useStore();
  const { common } = messages.value;
  const current = state.value.view;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[href^="#${current}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav aria-label={common.views}>
      <ul ref={list}>
        {VIEWS.map((view, i) => (
          <li key={view}>
            <ViewLink view={view} number={i + 1} isCurrent={view === current} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface ViewLinkProps {
  readonly view: ViewName;
  readonly number: number;
  readonly isCurrent: boolean;
}

/** A real link, so that it can be opened elsewhere; here it only changes the state. */
function ViewLink({ view, number, isCurrent }: ViewLinkProps): JSX.Element {
  const { state, messages, visit } = useStore();
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    visit({ view, lesson: 'none', part: 0 });
  };
  return (
    <a href={writeAddress({ ...state.value, view })} aria-current={isCurrent ? 'page' : undefined} onClick={follow}>
      <span class="number">{number}</span>
      {messages.value.pages[view].name}
    </a>
  );
}
