import stringWidth from 'string-width';
import { saidColumns } from './said-columns.ts';
import { wrappedCell } from './wrapped-cell.ts';

/** Spaces between two columns. */
const GAP = 2;

/** One column: how its cells stand, and how wide it may be (longer cells wrap). */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly widthMax?: number;
  /** Long cells wrap between words. */
  readonly isText?: boolean;
  /** Where there is no room for all columns, the one with the lowest number is left out first; undefined: it stays. */
  readonly leavesAs?: number;
}

/**
 * Cells in columns without borders, two spaces apart, without columns that say nothing; a rule under the titles and, with `isLastTotal`, above the last row.
 * @param rows same length as `columns`; text without control characters
 * @param options.widthMax of a line with its indent: columns that may leave do so until it is kept
 * @returns lines without trailing spaces
 */
export function aligned(
  allColumns: readonly Column[],
  allRows: readonly (readonly string[])[],
  options: { isLastTotal?: boolean; indent?: number; widthMax?: number } = {},
): string[] {
  const said = saidColumns({ heads: allColumns, rows: allRows });
  const { columns, rows } = fitting(
    { columns: said.heads, rows: said.rows },
    (options.widthMax ?? Number.POSITIVE_INFINITY) - (options.indent ?? 0),
  );
  const titles = columns.map((column) => column.title);
  const widths = columns.map(({ widthMax }, i) => Math.max(1, Math.min(widthMax ?? Number.POSITIVE_INFINITY, widthOf(i, titles, rows))));
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + GAP, -GAP));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => padded(cell, widths[i] ?? 0, columns[i]?.align)).join(' '.repeat(GAP));
  const linesOf = (row: readonly string[]): string[] => {
    const cells = row.map((cell, i) => wrappedCell(cell, widths[i] ?? 0, { isText: columns[i]?.isText ?? false }));
    const count = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: count }, (_, at) => line(cells.map((parts) => parts[at] ?? '')));
  };
  const body = rows.flatMap((row, i) => [
    ...(options.isLastTotal === true && i > 0 && i === rows.length - 1 ? [rule] : []),
    ...linesOf(row),
  ]);
  const margin = ' '.repeat(options.indent ?? 0);
  return [...linesOf(titles), rule, ...body].map((text) => `${margin}${text}`.trimEnd()).filter((text) => text !== '');
}

function padded(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
}

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** The table without the columns that matter least, as few as it takes. */
function fitting(whole: Table, widthMax: number): Table {
  const { columns, rows } = whole;
  const titles = columns.map(({ title }) => title);
  const width = columns.reduce(
    (sum, { widthMax: most = Number.POSITIVE_INFINITY }, i) => sum + Math.min(most, widthOf(i, titles, rows)) + GAP,
    -GAP,
  );
  const order = columns.flatMap(({ leavesAs }) => leavesAs ?? []);
  if (width <= widthMax || order.length === 0) return whole;
  const first = columns.findIndex(({ leavesAs }) => leavesAs === Math.min(...order));
  const without = <Cell>(cells: readonly Cell[]): Cell[] => cells.filter((_, i) => i !== first);
  return fitting({ columns: without(columns), rows: rows.map(without) }, widthMax);
}

/** Cells of a terminal that the longest cell of a column needs. */
export function widthOf(column: number, titles: readonly string[], rows: readonly (readonly string[])[]): number {
  return Math.max(stringWidth(titles[column] ?? ''), ...rows.map((row) => stringWidth(row[column] ?? '')));
}
