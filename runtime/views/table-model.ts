import { isBlank } from '../core/page-figures.ts';

/** How a piece of a cell looks; the names are those of the style sheets but for `stat`. */
export type Looks = 'muted' | 'bad-text' | 'good-text' | 'method' | 'code';

/** A text of a cell that is more than a text. */
export interface Piece {
  readonly text: string;
  readonly looks?: Looks;
  /** What it is the figure of, before it: `p95` of `p95 31ms`. */
  readonly name?: string;
  readonly isOnNewLine?: boolean;
  /** A line of it is shown, the rest on demand. */
  readonly isLong?: boolean;
  /** Told by the pointer alone. */
  readonly tip?: string;
}

/** What may stand in a cell: a text, a piece, a moment (Unix ms), the times of the phases as a bar. All texts are texts: who draws them escapes them. */
export type Content = string | Piece | { readonly atMs: number } | { readonly phases: readonly number[] };
export type Cell = Content | readonly Content[];

/** A column of a table, the same in the report and in the pages of the UI. */
export interface TableColumn<Row> {
  readonly title: string;
  /** What the title means, for a tooltip. */
  readonly about?: string;
  /** Figures stand right. */
  readonly isNumber?: boolean;
  /** The name of the row: on a phone its title goes without saying. */
  readonly isHead?: boolean;
  /** Short words that are not broken into lines where there is room. */
  readonly isLine?: boolean;
  cell(row: Row): Cell;
  /** What it is sorted by where that is not its text. */
  sortBy?(row: Row): number | string | undefined;
}

export interface TableCell {
  readonly content: readonly Content[];
  readonly sortValue: number | string | undefined;
}

/** A table to be drawn: only columns that say something. */
export interface TableModel {
  /** What it is called, also to screen readers. */
  readonly title: string;
  readonly heads: readonly Required<Pick<TableColumn<never>, 'title' | 'isNumber' | 'isHead' | 'isLine'>>[];
  /** What the titles mean; empty where they say it. */
  readonly abouts: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
  readonly total: readonly TableCell[] | undefined;
}

/** A table without the columns in which no row says anything. @param total - a row that stays last, whatever it is sorted by */
export function tableModel<Row>(title: string, columns: readonly TableColumn<Row>[], rows: readonly Row[], total?: Row): TableModel {
  const all = total === undefined ? rows : [...rows, total];
  const shown = columns.filter((column) => all.some((row) => saysSomething(listOf(column.cell(row)))));
  const cells = (row: Row): TableCell[] => shown.map((column) => ({ content: listOf(column.cell(row)), sortValue: column.sortBy?.(row) }));
  return {
    title,
    heads: shown.map(({ title: head, isNumber = false, isHead = false, isLine = false }) => ({ title: head, isNumber, isHead, isLine })),
    abouts: shown.map(({ about = '' }) => about),
    rows: rows.map(cells),
    total: total === undefined ? undefined : cells(total),
  };
}

/** Columns of figures: title, text, and what they are sorted by. */
export function numberColumns<Row>(
  columns: readonly (readonly [title: string, cell: (row: Row) => Cell, sortBy?: (row: Row) => number])[],
): TableColumn<Row>[] {
  return columns.map(([title, cell, sortBy]) => ({ title, isNumber: true, cell, ...(sortBy === undefined ? {} : { sortBy }) }));
}

function listOf(cell: Cell): readonly Content[] {
  return Array.isArray(cell) ? cell : [cell as Content];
}

/** A drawing says something too, and so does a moment. */
function saysSomething(contents: readonly Content[]): boolean {
  return contents.some((content) => {
    if (typeof content === 'string') return !isBlank(content);
    if ('text' in content) return !isBlank(content.text);
    return 'atMs' in content || content.phases.some((time) => time > 0);
  });
}
