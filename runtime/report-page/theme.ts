import { forgetColours } from '../page/colours.ts';

const KEY = 'stressrun-theme';
const listeners = new Set<() => void>();
const system = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark as the system has it, or as the button says; a page from disk may not be allowed to remember it. */
export function startTheme(): void {
  apply(remembered());
  document.getElementById('theme')?.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    apply(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // then it is for this view only
    }
  });
  system.addEventListener('change', tell);
}

export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? system.matches : theme === 'dark';
}

function apply(theme: string | null): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  tell();
}

function tell(): void {
  forgetColours();
  for (const listener of listeners) listener();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
