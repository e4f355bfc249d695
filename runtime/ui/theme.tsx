import { forgetColours } from '../page/colours.ts';
import { keptStoreOf, useStore } from './store.ts';

type Theme = 'auto' | 'light' | 'dark';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const SIGN: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

/** What this browser chose; `auto` follows the system. */
export const theme = keptStoreOf<Theme>('stressrun.theme', 'auto');

/** Puts the choice on the page, now and whenever it changes. */
export function applyTheme(): void {
  const apply = (): void => {
    forgetColours();
    const chosen = theme.get();
    if (chosen === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
  };
  apply();
  theme.watch(apply);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
}

/** Calls back after colours have changed, by choice or by the system. @returns a function that ends it */
export function watchColours(onChange: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const unwatch = theme.watch(onChange);
  system.addEventListener('change', onChange);
  return () => {
    unwatch();
    system.removeEventListener('change', onChange);
  };
}

export function ThemeToggle() {
  const chosen = useStore(theme);
  return (
    <button
      type="button"
      class="quiet theme"
      aria-label={`Colours: ${chosen}. Change to ${NEXT[chosen]}`}
      title={`Colours: ${chosen}`}
      onClick={() => theme.set(NEXT[chosen])}
    >
      <span aria-hidden="true">{SIGN[chosen]}</span>
    </button>
  );
}
