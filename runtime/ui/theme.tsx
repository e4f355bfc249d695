import { keptStoreOf, useStore } from './store.ts';

type Theme = 'auto' | 'light' | 'dark';
const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const SIGN: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

/** What this browser chose; `auto` follows the system. */
export const theme = keptStoreOf<Theme>('stressrun.theme', 'auto');

/** Puts the choice on the page, now and whenever it changes. */
export function applyTheme(): void {
  const apply = (): void => {
    known.clear();
    const chosen = theme.get();
    if (chosen === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
  };
  apply();
  theme.watch(apply);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
}

/** Colours as they are now: asking the browser costs a layout. */
const known = new Map<string, string>();

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

/** A custom property such as `--ink` as a colour that a canvas understands. */
export function colourOf(property: string): string {
  const last = known.get(property);
  if (last !== undefined) return last;
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  known.set(property, color);
  return color;
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
