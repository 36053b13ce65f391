/**
 * @file The page around the views.
 */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ViewName } from '../state/playgroundState.js';
import { type Store, StoreProvider, useStore } from '../state/store.js';
import { AutogradView } from '../views/autograd/AutogradView.js';
import { GradientView } from '../views/gradient/GradientView.js';
import { LessonPanel } from '../views/lessons/LessonPanel.js';
import { LessonsView } from '../views/lessons/LessonsView.js';
import { LookView } from '../views/look/LookView.js';
import { RaceView } from '../views/race/RaceView.js';
import { ShiftView } from '../views/shift/ShiftView.js';
import { TemperatureView } from '../views/temperature/TemperatureView.js';
import { WindowView } from '../views/window/WindowView.js';
import { Footer } from './Footer.js';
import { Header } from './Header.js';

const views: Readonly<Record<ViewName, () => JSX.Element>> = {
  look: LookView,
  window: WindowView,
  gradient: GradientView,
  temperature: TemperatureView,
  shift: ShiftView,
  autograd: AutogradView,
  race: RaceView,
  lessons: LessonsView,
};

export function App({ store }: { readonly store: Store }): JSX.Element {
  return (
    <StoreProvider value={store}>
      <Frame />
    </StoreProvider>
  );
}

function Frame(): JSX.Element {
  const { state, messages } = useStore();
  const { view, lesson } = state.value;
  const View = views[view];
  useDocumentSettings();
  useFocusOnArrival(view, lesson === 'none');
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {messages.value.common.skip}
      </button>
      <Header />
      <main id="content" tabIndex={-1}>
        <LessonPanel />
        <View key={view} />
      </main>
      <Footer />
    </>
  );
}

/** Language, colours and title of the document follow the state. */
function useDocumentSettings(): void {
  const { state, messages, language } = useStore();
  const { view, theme } = state.value;
  const title = `${messages.value.pages[view].name} · softgrad`;
  useLayoutEffect(() => {
    document.title = title;
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    document.documentElement.dataset.theme = theme;
  }, [title, language.value, theme]);
}

/** Whoever goes to another view by keyboard or screen reader goes on at its title; a lesson keeps the focus itself. */
function useFocusOnArrival(view: ViewName, isFree: boolean): void {
  const previous = useRef(view);
  useLayoutEffect(() => {
    if (previous.current !== view && isFree) document.getElementById('page-title')?.focus({ preventScroll: true });
    if (previous.current !== view) scrollTo({ top: 0 });
    previous.current = view;
  }, [view, isFree]);
}
