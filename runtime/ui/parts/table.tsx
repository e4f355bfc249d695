import type { ComponentChildren } from 'preact';
import { isBlank } from '../format.ts';

/** A wide table scrolls within itself, also by keyboard; the page never does sideways. */
export function TableFrame({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with the arrow keys
    <section class="table-frame" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** A column of a {@link DataTable}. */
export interface DataColumn<Row> {
  readonly label: string;
  /** Figures stand right. */
  readonly isNumber?: boolean;
  /** The name of the row; its label goes without saying where the table is stacked. */
  readonly isHead?: boolean;
  /** What a cell says. A column in which no cell says anything is left out. */
  text(row: Row): string;
  /** Where a cell is more than its text. */
  content?(row: Row): ComponentChildren;
  /** Further classes of a cell. */
  looks?(row: Row): string;
  /** Not said on a phone, where the content speaks for itself. */
  readonly isUnlabelled?: boolean;
  /** What it is called is told to screen readers alone. */
  readonly isLabelUnseen?: boolean;
}

interface DataTableProps<Row> {
  /** What it is called, also to screen readers. */
  readonly label: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
}

/** Rows of one kind; on a phone each is a block of its own. */
export function DataTable<Row>({ label, columns, rows, keyOf }: DataTableProps<Row>) {
  const shown = columns.filter((column) => rows.some((row) => !isBlank(column.text(row))));
  return (
    <TableFrame label={label}>
      <table class="stacked">
        <caption class="unseen">{label}</caption>
        <thead>
          <tr>
            {shown.map(({ label: head, isNumber, isLabelUnseen }) => (
              <th key={head} scope="col" class={isNumber === true ? 'number' : ''}>
                {isLabelUnseen === true ? <span class="unseen">{head}</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {shown.map((column) => (
                <Cell key={column.label} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Cell<Row>({ column, row }: { column: DataColumn<Row>; row: Row }) {
  const content = column.content?.(row) ?? column.text(row);
  const looks = [column.isNumber === true ? 'number' : '', column.looks?.(row) ?? ''].filter(Boolean).join(' ');
  if (column.isHead === true)
    return (
      <th scope="row" class={looks}>
        {content}
      </th>
    );
  return (
    <td class={looks} {...(column.isUnlabelled === true ? {} : { 'data-label': column.label })}>
      {content}
    </td>
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
