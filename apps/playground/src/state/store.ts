/**
 * @file The page's state as a signal, kept equal to the address.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Language, messages } from '../i18n/index.js';
import type { Messages } from '../i18n/messages.js';
import type { BuiltInPicture } from '../pictures/builtInPictures.js';
import type { Picture } from '../pictures/picture.js';
import { readAddress, writeAddress } from './address.js';
import { ADDRESS_DELAY } from './addressDelay.js';
import type { PlaygroundState } from './playgroundState.js';

export interface Store {
  readonly state: ReadonlySignal<PlaygroundState>;
  readonly language: ReadonlySignal<Language>;
  readonly messages: ReadonlySignal<Messages>;
  readonly isDark: ReadonlySignal<boolean>;
  /** A picture of the user's, which the address can't hold. */
  readonly ownPicture: Signal<Picture | undefined>;
  /** Built-in pictures, painted when first looked at. */
  readonly paintings: Map<BuiltInPicture, Picture>;
  /** Changes some values; the page's history stays as it is. */
  readonly update: (patch: Partial<PlaygroundState>) => void;
  /** Changes some values; the browser's back button undoes it. */
  readonly visit: (patch: Partial<PlaygroundState>) => void;
}

/** The store of a page; it follows the page's address, language and colour scheme. */
export function createStore(page: Window): Store {
  const state = signal(readAddress(page.location.hash));
  const darkScheme = page.matchMedia('(prefers-color-scheme: dark)');
  const prefersDark = signal(darkScheme.matches);
  darkScheme.addEventListener('change', ({ matches }) => {
    prefersDark.value = matches;
  });
  const address = new AddressWriter(page);
  page.addEventListener('hashchange', () => {
    state.value = readAddress(page.location.hash);
  });
  const language = computed(() => chosenLanguage(state.value.language, page.navigator.languages));
  return {
    state,
    language,
    messages: computed(() => messages[language.value]),
    isDark: computed(() => (state.value.theme === 'auto' ? prefersDark.value : state.value.theme === 'dark')),
    ownPicture: signal(undefined),
    paintings: new Map(),
    update: (patch) => {
      state.value = { ...state.value, ...patch };
      address.replaceSoon(writeAddress(state.value));
    },
    visit: (patch) => {
      state.value = { ...state.value, ...patch };
      address.push(writeAddress(state.value));
    },
  };
}

class AddressWriter {
  readonly #page: Window;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next = '';

  constructor(page: Window) {
    this.#page = page;
    page.addEventListener('pagehide', () => this.#flush());
  }

  replaceSoon(fragment: string): void {
    this.#next = fragment;
    this.#timer ??= setTimeout(() => this.#flush(), ADDRESS_DELAY);
  }

  push(fragment: string): void {
    this.#flush();
    if (fragment !== this.#page.location.hash) this.#page.history.pushState(null, '', fragment);
  }

  #flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#page.history.replaceState(null, '', this.#next);
  }
}

function chosenLanguage(choice: PlaygroundState['language'], preferred: readonly string[]): Language {
  if (choice !== 'auto') return choice;
  const first = preferred.find((language) => /^(en|zh)\b/i.test(language)) ?? 'en';
  return first.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

const StoreContext = createContext<Store | undefined>(undefined);

export const StoreProvider = StoreContext.Provider;

/** The store of the page that a component is part of. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('useStore: no StoreProvider above this component');
  return store;
}

/** Texts in the reader's language. */
export function useMessages(): Messages {
  return useStore().messages.value;
}
