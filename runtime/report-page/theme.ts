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

/** Colors as they are now: asking the browser costs a layout. */
const known = new Map<string, string>();

/** A color of the style sheet, such as `--ink`, as a canvas understands it. */
export function colorOf(variable: string): string {
  const last = known.get(variable);
  if (last !== undefined) return last;
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  known.set(variable, color);
  return color;
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
  known.clear();
  for (const listener of listeners) listener();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
