import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly count?: number;
  /** Something new since it was last looked at. */
  readonly hasNews?: boolean;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly selected: string;
  onSelect(id: string): void;
  readonly children: ComponentChildren;
}

/** Tabs by the WAI-ARIA pattern: arrows, Home and End move, one stop for the Tab key. */
export function Tabs({ label, tabs, selected, onSelect, children }: TabsProps) {
  // on a phone the tabs are wider than the screen: the chosen one is never out of sight
  useEffect(() => showTab(selected), [selected]);
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    onSelect(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            type="button"
            key={tab.id}
            id={`tab-${tab.id}`}
            role="tab"
            aria-selected={tab.id === selected}
            aria-controls="tab-panel"
            tabIndex={tab.id === selected ? 0 : -1}
            onClick={() => onSelect(tab.id)}
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <span class="count">{tab.count.toLocaleString('en')}</span>}
            {tab.hasNews === true && (
              <span class="dot">
                <span class="unseen"> (new)</span>
              </span>
            )}
          </button>
        ))}
      </div>
      <section id="tab-panel" role="tabpanel" aria-labelledby={`tab-${selected}`}>
        {children}
      </section>
    </>
  );
}

/** Scrolls the row of tabs, never the page. */
function showTab(id: string): void {
  const tab = document.getElementById(`tab-${id}`);
  const row = tab?.parentElement;
  if (tab === null || row == null) return;
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
