import type { ComponentChildren } from 'preact';

/** A wide table scrolls within itself, also by keyboard; the page never does sideways. */
export function TableFrame({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with the arrow keys
    <section class="table-frame" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

interface SortHeadProps {
  readonly label: string;
  readonly isNumber: boolean;
  /** Undefined: not sorted by this column. */
  readonly direction: 'ascending' | 'descending' | undefined;
  onSort(): void;
}

export function SortHead({ label, isNumber, direction, onSort }: SortHeadProps) {
  const sign = direction === undefined ? '' : direction === 'ascending' ? '▲' : '▼';
  return (
    <th scope="col" class={isNumber ? 'number' : ''} aria-sort={direction ?? 'none'}>
      <button type="button" class="sort" onClick={onSort}>
        {label}
        <span aria-hidden="true" class="sort-sign">
          {sign}
        </span>
      </button>
    </th>
  );
}
